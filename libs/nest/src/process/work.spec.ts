import { Work } from './work';

describe('the work of a process', () => {
  const refused = 'queue q exists with other arguments: inequivalent arg. Delete it.';

  test.each([
    ['has not begun yet', undefined],
    ['nobody consumes a, b', { status: 'up', withoutConsumer: ['a', 'b'] }],
    [refused, { status: 'up', withoutConsumer: ['q'], refused: [refused] }],
  ] as const)('is not taken up: %s', async (sentence, health) => {
    const work = new Work('participant');
    if (health !== undefined) work.begin({ health: () => health });
    await expect(work.check()).rejects.toThrow(sentence);
  });

  test('is taken up while every queue is consumed, until it ends', async () => {
    const work = new Work('participant');
    work.begin({ health: () => ({ status: 'up', withoutConsumer: [] }) });
    await expect(work.check()).resolves.toBeUndefined();
    work.end();
    await expect(work.check()).rejects.toThrow('the participant is stopping');
  });
});
