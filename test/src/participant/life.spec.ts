import type { CloudEvent, JsonObject, JsonValue } from '@aura/contracts';
import { StoreUnavailableError } from '@aura/kernel';
import { range } from '@aura/kernel/testing';
import { participantQueue } from '@aura/messaging';
import type { EventBus } from '@aura/messaging';
import { until } from '@aura/messaging/testing';
import type { ParticipantDefinition } from '@aura/workflow';
import { labAction, labParticipant } from '../lab/actions';
import { Stage } from './stage';

const QUEUE = participantQueue('alpha');
const one: JsonObject = { id: 'one_step', steps: [{ id: 'one', action: 'echo', input: { word: 'w' } }] };

describe('a participant', () => {
  let stage: Stage;
  let alpha: ParticipantDefinition;
  beforeEach(async () => {
    stage = await Stage.open();
    alpha = labParticipant('alpha', [labAction('echo', (input) => input)]);
  });
  afterEach(() => stage.close());

  const toldOf = (word: string) => stage.told.filter(({ type }) => type === `ai.aura.${word}.v1`);
  const dataOf = ({ data }: CloudEvent) => data as JsonObject;

  describe('and its life', () => {
    test('announces itself, its actions and its plans, again and again, until it says goodbye', async () => {
      const running = await stage.start(alpha, { options: { heartbeatMs: 2000 } });
      const plan = await stage.publish(one);
      await stage.world.advance(2000);
      await until(() => toldOf('participant.announced').length === 2, 'announced again');
      const [first, second] = toldOf('participant.announced').map(dataOf);
      expect(first).toMatchObject({
        participant: 'alpha',
        instance: 'alpha#1',
        version: '1.0.0',
        queue: QUEUE,
        plans: [],
      });
      expect((first?.['actions'] as readonly JsonObject[])[0]).toMatchObject({ name: 'echo', kind: 'pure' });
      expect(second?.['plans']).toEqual([plan.digest]);
      await running.stop(0);
      await until(() => toldOf('participant.left').length === 1, 'it said goodbye');
      expect(dataOf(toldOf('participant.left')[0] as CloudEvent)).toEqual({
        participant: 'alpha',
        instance: 'alpha#1',
      });
      // The bus removes settled events within a second.
      await stage.world.advance(1000);
      expect(stage.world.waiting).toBe(0);
      const ids = stage.told.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    });

    test('does not begin under the name of the coordinator, and says that it needs another', async () => {
      const named = labParticipant('coordinator', [labAction('echo', (input) => input)]);
      await expect(stage.start(named)).rejects.toMatchObject({
        code: 'UNSAFE_SETUP',
        message: expect.stringContaining('cannot be named "coordinator"') as string,
        help: expect.stringContaining('another name') as string,
      });
      expect(toldOf('participant.announced')).toEqual([]);
    });

    test('announces every five seconds when nothing else is said', async () => {
      await stage.start(alpha);
      await stage.world.advance(4999);
      await until(() => toldOf('participant.announced').length === 1, 'the first');
      await stage.world.advance(1);
      await until(() => toldOf('participant.announced').length === 2, 'the second');
    });

    interface Control {
      readonly bus: EventBus;
      fails: boolean;
      hangs: boolean;
      /** Publications that hang. */
      hanging: number;
      release: () => void;
    }

    /** A bus whose publications can be made to fail, or to hang until they are released. */
    function failing(bus: EventBus): Control {
      const control = { fails: false, hangs: false, hanging: 0, release: () => undefined as void };
      const publish: EventBus['publish'] = (messages) => {
        if (control.hangs) {
          control.hanging += 1;
          return new Promise((resolve) => (control.release = resolve));
        }
        return control.fails ? Promise.reject(new StoreUnavailableError('no broker')) : bus.publish(messages);
      };
      const guarded = new Proxy(bus, {
        get: (target, name) => {
          if (name === 'publish') return publish;
          const member: unknown = Reflect.get(target, name, target);
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        },
      });
      return Object.assign(control, { bus: guarded });
    }

    test('goes on announcing when the bus was away, and stops though it cannot say goodbye', async () => {
      const control = failing(stage.ground.bus);
      const running = await stage.start(alpha, { ports: { bus: control.bus } });
      control.fails = true;
      await stage.world.advance(5000);
      await until(() => stage.ground.warnings.length === 1, 'it warns');
      control.fails = false;
      await stage.world.advance(5000);
      await until(() => toldOf('participant.announced').length === 2, 'announced again');
      control.fails = true;
      await running.stop(0);
      expect(stage.ground.warnings.map(({ message }) => message)).toEqual([
        'could not announce; trying again',
        'could not publish ai.aura.participant.left.v1',
      ]);
      // The bus removes settled events within a second.
      await stage.world.advance(1000);
      expect(stage.world.waiting).toBe(0);
    });

    test('stops in its time though a word of it is still on its way, and says nothing more', async () => {
      const control = failing(stage.ground.bus);
      const running = await stage.start(alpha, { ports: { bus: control.bus } });
      control.hangs = true;
      await stage.world.advance(5000);
      const stopping = running.stop(1000);
      await until(() => control.hanging === 2, 'it waits for its goodbye');
      await stage.world.advance(1000);
      await stopping;
      control.release();
      await stage.world.advance(60_000);
      // The bus removes settled events within a second.
      await stage.world.advance(1000);
      expect(stage.world.waiting).toBe(0);
    });

    test('says goodbye though its consumer could not be stopped', async () => {
      const { bus } = stage.ground;
      const consume: EventBus['consume'] = async (request) => {
        const consumer = await bus.consume(request);
        const stop = () => Promise.reject(new StoreUnavailableError('no answer to stop'));
        return Object.assign(Object.create(consumer) as typeof consumer, { stop });
      };
      const broken = new Proxy(bus, {
        get: (target, name) => {
          if (name === 'consume') return consume;
          const member: unknown = Reflect.get(target, name, target);
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        },
      });
      const running = await stage.start(alpha, { ports: { bus: broken } });
      await running.stop(0);
      expect(stage.ground.warnings).toMatchObject([
        { message: 'the consumer could not be stopped', details: { queue: QUEUE } },
      ]);
      await until(() => toldOf('participant.left').length === 1, 'it said goodbye');
    });

    test('says that it paused for an outage and that it goes on, and stands still in between', async () => {
      let isDown = true;
      const sagas = range(3).map((n) => `s${n}`);
      const flaky = labParticipant('alpha', [
        labAction('echo', () => {
          if (isDown) throw Object.assign(new Error('no route'), { code: 'EHOSTUNREACH' });
          return 'up';
        }),
      ]);
      await stage.start(flaky, { options: { outage: { sagas: 3, firstWaitMs: 1000 }, heartbeatMs: 1e9 } });
      const plan = await stage.publish(one);
      for (const saga of sagas) await stage.begin(plan, saga);
      await until(() => toldOf('consumer.paused').length === 1, 'it paused');
      const paused = dataOf(toldOf('consumer.paused')[0] as CloudEvent);
      expect(paused).toMatchObject({
        participant: 'alpha',
        instance: 'alpha#1',
        queue: QUEUE,
        error: { code: 'EHOSTUNREACH' },
      });
      expect(Date.parse(paused['until'] as string)).toBe(stage.world.clock.now() + 15_000);
      isDown = false;
      await stage.quiet('alpha');
      await stage.world.advance(1000);
      await until(() => toldOf('consumer.resumed').length === 1, 'it goes on');
      for (const saga of sagas) await stage.ended(saga, 'one');
      expect(stage.dead).toHaveLength(0);
    });

    test('warns when its consumer cannot be paused', async () => {
      const broken = new Proxy(stage.ground.bus, {
        get: (target, name) => {
          if (name === 'consume')
            return async (request: Parameters<EventBus['consume']>[0]) => {
              const consumer = await target.consume(request);
              return {
                queue: consumer.queue,
                pause: () => Promise.reject(new Error('channel closed')),
                resume: (prefetch?: number) => consumer.resume(prefetch),
                stop: (graceMs: number) => consumer.stop(graceMs),
              };
            };
          const member: unknown = Reflect.get(target, name, target);
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        },
      });
      const down = labAction('echo', (): JsonValue => {
        throw new Error('down');
      });
      await stage.start(labParticipant('alpha', [down]), {
        ports: { bus: broken },
        options: { outage: { sagas: 1 } },
      });
      await stage.begin(await stage.publish(one), 's1');
      await until(() => stage.ground.warnings.length > 0, 'the warning');
      expect(stage.ground.warnings[0]?.message).toBe('the consumer could not be paused or resumed');
    });
  });
});
