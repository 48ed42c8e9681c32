import {
  sagaCancelled,
  sagaCompensating,
  sagaCompensationFailed,
  sagaCompleted,
  sagaFailed,
  sagaSuspended,
} from '@aura/contracts';
import type { JsonObject } from '@aura/contracts';
import { stepStream, StoreUnavailableError } from '@aura/kernel';
import type { StepKey } from '@aura/kernel';
import { eventKey, EVENTS_EXCHANGE } from '@aura/messaging';
import type { JoinSets } from '@aura/messaging';
import { someEvent } from '@aura/messaging/testing';
import type { Plan } from '@aura/workflow';
import { labAction, labParticipant } from '../lab/actions';
import { outputOf, Stage } from './stage';

const joined: JsonObject = {
  id: 'joined',
  steps: [
    { id: 'left', action: 'echo', input: {} },
    { id: 'right', action: 'echo', input: {} },
    {
      id: 'both',
      action: 'join',
      dependencies: ['left', 'right'],
      input: { left: 'steps.left.output.value', right: 'steps.right.output.value' },
    },
  ],
};

describe('a saga that has stopped', () => {
  let stage: Stage;
  let plan: Plan;
  let joins: JoinSets;

  beforeEach(async () => {
    stage = await Stage.open();
    joins = stage.ports('beta').fast.joins;
    await stage.start(labParticipant('alpha', [labAction('echo', (input) => input)]));
  });
  afterEach(() => stage.close());

  async function open(given: Parameters<Stage['start']>[1] = {}): Promise<void> {
    await stage.start(labParticipant('beta', [labAction('join', (input) => input)]), given);
    plan = await stage.publish(joined);
  }

  /** What has arrived at the join, without adding to it. */
  async function arrived(saga: string, run = 1): Promise<readonly string[]> {
    const key: StepKey = { saga, run, step: 'both' };
    const set = await joins.arrive(stepStream(key), { dependency: 'looker', value: '{}' }, 60_000);
    await joins.drop([stepStream(key)]);
    for (const [dependency, value] of set)
      if (dependency !== 'looker') await joins.arrive(stepStream(key), { dependency, value }, 60_000);
    return [...set.keys()].filter((name) => name !== 'looker').sort();
  }

  async function says(saga: string, type: string, run = 1): Promise<void> {
    const event = someEvent(`${saga}/${type}`, {
      type,
      correlationid: saga,
      auraplan: plan.digest,
      aurarun: run,
      data: {},
    });
    const key = eventKey(type, plan.definition);
    await stage.ground.bus.publish([{ event, to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key }] }]);
    await stage.quiet('alpha', 'beta');
  }

  async function leftArrives(saga: string, run = 1): Promise<void> {
    await stage.stepEnds({ plan, saga, run }, 'left', { value: 'L' });
    await stage.quiet('alpha', 'beta');
  }

  test.each([sagaFailed.type, sagaCancelled.type, sagaCompensating.type, sagaCompensationFailed.type])(
    'by %s leaves no join behind, also not by what comes late',
    async (type) => {
      await open();
      await leftArrives('s');
      expect(await arrived('s')).toEqual(['left']);
      await says('s', type);
      expect(await arrived('s')).toEqual([]);
      await stage.stepEnds({ plan, saga: 's' }, 'right', { value: 'R' });
      await stage.quiet('beta');
      expect(await arrived('s')).toEqual([]);
      expect(stage.endsOf('s', 'both')).toEqual([]);
    },
  );

  test.each([sagaSuspended.type, sagaCompleted.type])('is not one that is %s', async (type) => {
    await open();
    await leftArrives('s');
    await says('s', type);
    await stage.stepEnds({ plan, saga: 's' }, 'right', { value: 'R' });
    expect(outputOf(await stage.ended('s', 'both'))).toEqual({ value: { left: 'L', right: 'R' } });
  });

  test('stops no other saga, and no other run of its own', async () => {
    await open();
    await leftArrives('other');
    await says('s', sagaFailed.type);
    await leftArrives('s', 2);
    expect([await arrived('other'), await arrived('s', 2)]).toEqual([['left'], ['left']]);
  });

  test('is heard of by those alone who have joins', async () => {
    await open();
    await stage.publish({ id: 'chain', steps: [{ id: 'left', action: 'echo', input: {} }] });
    const isHeard = (definition: string): Promise<boolean> => {
      const key = eventKey(sagaFailed.type, definition);
      const to = [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key, mandatory: true }] as const;
      return stage.ground.bus.publish([{ event: someEvent('e', { type: sagaFailed.type }), to }]).then(
        () => true,
        () => false,
      );
    };
    expect([await isHeard('joined'), await isHeard('chain')]).toEqual([true, false]);
  });

  test('whose joins cannot be dropped leaves them to run out, and says so', async () => {
    const fast = stage.ports('beta').fast;
    const drop: JoinSets['drop'] = () => Promise.reject(new StoreUnavailableError('no store'));
    await open({ ports: { fast: { ...fast, joins: { arrive: joins.arrive.bind(joins), drop } } } });
    await leftArrives('s');
    await says('s', sagaFailed.type);
    expect(stage.ground.warnings.map(({ message }) => message)).toEqual([
      'the joins of a saga that has stopped could not be dropped; they run out',
    ]);
    expect(await arrived('s')).toEqual(['left']);
  });

  test('of a plan that is not known here is nobody’s business', async () => {
    await open();
    const told = stage.told.length;
    const event = someEvent('e', {
      type: sagaFailed.type,
      correlationid: 's',
      auraplan: `sha256:${'0'.repeat(64)}`,
    });
    const to = [
      { kind: 'exchange', exchange: EVENTS_EXCHANGE, key: eventKey(event.type, 'joined') },
    ] as const;
    await stage.ground.bus.publish([{ event, to }]);
    await stage.quiet('beta');
    expect(stage.told.slice(told)).toEqual([]);
  });
});
