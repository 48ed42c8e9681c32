import type { SagaFeedEntry } from '@aura/contracts';
import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

describe('a feed', () => {
  let house: House;
  let one: Housed;

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one');
    await house.publish(one, puppetDefinition('chain', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }]));
  });

  afterEach(() => house.close());

  function follow(by: Housed, saga: string, after = 0, signal = new AbortController().signal) {
    const seen: SagaFeedEntry[] = [];
    const over = (async () => {
      for await (const entry of by.coordinator.feed(saga, after, signal)) seen.push(entry);
    })();
    return { seen, over };
  }

  it('is live at the instance that tracks the saga and at every other, until the saga has ended', async () => {
    const two = await house.coordinator('two');
    await eventually('they share', () => (two.coordinator.partitions().length === 1 ? true : undefined));
    const saga = await house.start(one, 'chain');
    const partition = await house.partition(saga);
    const feeds = [follow(one, saga), follow(two, saga), follow(two, saga, 2)];
    await eventually('the start is seen', () =>
      feeds[0]?.seen.length === 1 && feeds[1]?.seen.length === 1 ? true : undefined,
    );
    await house.puppet.end({ saga, step: 'a', partition });
    await eventually('the first end is seen', () => (feeds[1]?.seen.length === 2 ? true : undefined));
    await house.puppet.end({ saga, step: 'b', partition });
    await Promise.all(feeds.map(({ over }) => over));
    const whole = feeds[0]?.seen ?? [];
    expect(whole.map(({ sequence, status }) => [sequence, status])).toEqual([
      [1, 'running'],
      [2, 'completed'],
      [3, 'completed'],
      [4, 'completed'],
    ]);
    expect(feeds.map(({ seen }) => seen)).toEqual([whole, whole, whole.slice(2)]);
  });

  it('ends when the coordinator stops', async () => {
    const saga = await house.start(one, 'chain');
    const { seen, over } = follow(one, saga);
    await eventually('the start is seen', () => (seen.length === 1 ? true : undefined));
    await one.stop();
    await over;
    expect(seen).toHaveLength(1);
  });

  it('ends at once when its signal has aborted already', async () => {
    const saga = await house.start(one, 'chain');
    const { seen, over } = follow(one, saga, 0, AbortSignal.abort());
    await over;
    expect(seen).toEqual([]);
  });

  it('tells whoever listens when the journal cannot be read', async () => {
    const saga = await house.start(one, 'chain');
    one.grip.fail({ call: 'journal.read', when: 'before' });
    await expect(follow(one, saga).over).rejects.toThrow('journal.read was made to fail');
  });
});
