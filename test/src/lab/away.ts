import { labAction, labParticipant, stock, takeAction } from './actions';
import { eventually } from './eventually';
import type { Lab } from './lab';
import { labAround } from './lab-around';
import type { OpenRuntime } from './lab-around';
import { definition } from './road-world';
import { stockLeft } from './stock-left';

const guide = labParticipant('guide', [labAction('guess', () => 42)]);
const desk = labParticipant('desk', [labAction('note', ({ guessed }) => guessed ?? null)]);
const shop = labParticipant('shop', [takeAction()]);

const guess = {
  id: 'guess',
  action: 'guess',
  timeout: '1s',
  retryPolicy: { maxEpochs: 1 },
  failure: { policy: 'continue', output: { value: 0 } },
} as const;

/**
 * A participant that is away when an optional step is due, and comes back when its saga has gone on without it; on a
 * runtime; absent: an embedded one.
 */
export function awayParticipant(open: OpenRuntime): void {
  let lab: Lab;

  labAround(
    open,
    {
      participants: [desk, shop],
      definitions: [],
    },
    async (opened) => {
      lab = opened;
      const known = await lab.join(guide);
      await lab.publish(
        definition('guessing', [
          guess,
          {
            id: 'note',
            action: 'note',
            dependencies: ['guess'],
            input: { guessed: 'steps.guess.output.value' },
          },
          { id: 'take', action: 'take', dependencies: ['note'], input: { item: 'input.item' } },
        ]),
      );
      await known.stop(1000);
    },
  );

  const left = (item: string): Promise<number> => stockLeft(lab.runtime, item);

  test('is left behind, and what it says afterwards takes no effect in the run that went on', async () => {
    const saga = await lab.start('guessing', { item: 'pen' });
    const ended = await lab.until(saga);
    expect(ended).toMatchObject({
      status: 'completed',
      run: 2,
      steps: [
        { id: 'guess', status: 'continued', output: { value: 0 }, run: 2 },
        { id: 'note', status: 'completed', output: { value: 0 }, run: 2 },
        { id: 'take', status: 'completed', run: 2 },
      ],
    });
    expect(await left('pen')).toBe(stock.initial - 1);
    await lab.join(guide);
    const { journal } = await lab.runtime.stores('guide');
    await eventually('it has come to the step, or to the question', async () =>
      (await journal.read(`step/${saga}/1/guess`)).length > 0 ? true : undefined,
    );
    // Behind whatever it said, another saga runs past the same participants.
    expect(await lab.run('guessing', { item: 'ink' })).toMatchObject({
      status: 'completed',
      run: 1,
      steps: [{ status: 'completed', output: { value: 42 } }, { output: { value: 42 } }, {}],
    });
    expect(await left('pen')).toBe(stock.initial - 1);
    const { steps, sequence } = (await lab.coordinator.find(saga)) ?? {};
    expect({ steps, sequence }).toEqual({ steps: ended.steps, sequence: ended.sequence });
  });
}
