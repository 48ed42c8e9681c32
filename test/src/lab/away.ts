import type { AuraRuntime } from '@aura/nest';
import { labAction, labParticipant, stock, takeAction } from './actions';
import { eventually } from './eventually';
import { Lab } from './lab';
import { definition } from './road-world';

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
export function awayParticipant(open: () => Promise<AuraRuntime | undefined>): void {
  let lab: Lab;
  let runtime: AuraRuntime | undefined;

  beforeAll(async () => {
    runtime = await open();
    lab = await Lab.open({
      participants: [desk, shop],
      definitions: [],
      ...(runtime === undefined ? {} : { runtime }),
    });
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
  }, 60_000);

  afterAll(async () => {
    await lab?.close();
    await runtime?.close();
  }, 30_000);

  /** What is left of a stock, folded from its journal. */
  async function left(item: string): Promise<number> {
    const { journal } = await lab.runtime.stores('shop');
    const changes = (await journal.read(`stock/${item}`)).flatMap(({ body }) =>
      Object.values((JSON.parse(body) as { readonly changes: Record<string, number> }).changes),
    );
    return changes.reduce((count, change) => count + change, stock.initial);
  }

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
