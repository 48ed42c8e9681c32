import { stepEndRequested, stepFailed, stepNothingToUndo } from '@aura/contracts';
import type { JsonObject } from '@aura/contracts';
import { labAction, labParticipant } from '../lab/actions';
import { Stage } from './stage';

describe('a participant that is asked how a step without effect ended', () => {
  let stage: Stage;
  let isBroken = false;
  let hold: Promise<void> = Promise.resolve();
  let release: () => void = () => undefined;

  beforeEach(async () => {
    stage = await Stage.open();
    isBroken = false;
    hold = Promise.resolve();
  });
  afterEach(() => stage.close());

  const thinker = labParticipant('thinker', [
    labAction('think', async () => {
      await hold;
      if (isBroken) throw new Error('no idea');
      return 42;
    }),
  ]);
  const OPTIONAL: JsonObject = {
    id: 'think',
    action: 'think',
    failure: { policy: 'continue', output: { value: 0 } },
    retryPolicy: { maxAttempts: 1 },
  };
  const asking = { type: stepEndRequested.type } as const;
  const types = () => stage.endsOf('s1', 'think').map(({ type }) => type);

  test('says its recorded end once more, the same', async () => {
    await stage.start(thinker);
    const plan = await stage.publish({ id: 'thinking', steps: [OPTIONAL] });
    await stage.begin(plan, 's1');
    const first = await stage.ended('s1', 'think');
    await stage.ask({ plan, saga: 's1' }, 'think', asking);
    expect(await stage.ended('s1', 'think', 2)).toEqual(first);
  });

  test('says that nothing stands where the failure is recorded', async () => {
    isBroken = true;
    await stage.start(thinker);
    const plan = await stage.publish({ id: 'thinking', steps: [OPTIONAL] });
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'think');
    await stage.ask({ plan, saga: 's1' }, 'think', asking);
    await stage.ended('s1', 'think', 2);
    expect(types()).toEqual([stepFailed.type, stepNothingToUndo.type]);
  });

  test('refuses a step that has not ended: what lands later is said to nobody, nor what is triggered later', async () => {
    hold = new Promise((resolve) => {
      release = resolve;
    });
    await stage.start(thinker);
    const plan = await stage.publish({ id: 'thinking', steps: [OPTIONAL] });
    await stage.begin(plan, 's1');
    await stage.ask({ plan, saga: 's1' }, 'think', asking);
    expect((await stage.ended('s1', 'think')).type).toBe(stepNothingToUndo.type);
    release();
    await stage.begin(plan, 's1', {}, { headers: { epoch: 2 }, id: 'again' });
    await stage.quiet('thinker');
    expect(types()).toEqual([stepNothingToUndo.type]);
  });

  test('makes a dead letter of the question where it records no end of the step', async () => {
    await stage.start(thinker);
    const plan = await stage.publish({ id: 'plainly', steps: [{ id: 'think', action: 'think' }] });
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'think');
    await stage.ask({ plan, saga: 's1' }, 'think', asking);
    await stage.quiet('thinker');
    expect(stage.dead).toHaveLength(1);
  });
});
