import { definitionReleased, planProvided } from '@aura/contracts';
import type { CloudEvent, JsonObject } from '@aura/contracts';
import { StoreUnavailableError } from '@aura/kernel';
import { EVENTS_EXCHANGE, participantQueue, STEPS_EXCHANGE, UnroutableError } from '@aura/messaging';
import type { EventBus } from '@aura/messaging';
import { someEvent, until } from '@aura/messaging/testing';
import { planBindings } from '@aura/workflow';
import type { Plan } from '@aura/workflow';
import { labAction, labParticipant } from '../lab/actions';
import { published, Stage } from './stage';

const QUEUE = participantQueue('alpha');
const alpha = labParticipant('alpha', [labAction('echo', (input) => input)]);
const chain = (version: string, more: JsonObject = {}): JsonObject => ({
  id: 'chain',
  version,
  steps: [
    { id: 'one', action: 'echo', input: {} },
    { id: 'two', action: 'echo', dependencies: ['one'], input: { version } },
  ],
  ...more,
});

describe('a participant whose definition is released', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
    await stage.start(alpha);
  });
  afterEach(() => stage.close());

  const release = (plan: Plan): Promise<void> =>
    stage.ground.send(QUEUE, published(plan, definitionReleased.type));

  const confirmed = (plan: Plan): readonly CloudEvent[] =>
    stage.told.filter(
      ({ type, data }) =>
        type === 'ai.aura.definition.unbound.v1' && (data as JsonObject)['digest'] === plan.digest,
    );

  async function released(plan: Plan): Promise<void> {
    const before = confirmed(plan).length;
    await release(plan);
    await until(() => confirmed(plan).length > before, `${plan.version} is unbound`);
  }

  /** The keys of a plan under which the participant still gets events. */
  async function boundOf(plan: Plan, extra: readonly string[] = []): Promise<readonly string[]> {
    const wanted = [
      ...planBindings(plan, 'alpha'),
      ...extra.map((key) => ({ exchange: EVENTS_EXCHANGE, key }) as const),
    ];
    const bound: string[] = [];
    for (const { exchange, key } of wanted) {
      const to = [{ kind: 'exchange', exchange, key, mandatory: true }] as const;
      await stage.ground.bus.publish([{ event: someEvent(`probe ${key}`), to }]).then(
        () => bound.push(key),
        (error: unknown) => {
          if (!(error instanceof UnroutableError)) throw error;
        },
      );
    }
    return bound;
  }

  const KEYS = ['ai.aura.saga.started.v1.chain', 'lab.echo.done.v1.chain'];

  test('unbinds what it alone needed, forgets the plan, and confirms, however often it is told', async () => {
    const plan = await stage.publish(chain('1.0.0'));
    expect(planBindings(plan, 'alpha').map(({ exchange }) => exchange)).toContain(STEPS_EXCHANGE);
    expect(await boundOf(plan)).toEqual(KEYS);
    await released(plan);
    await released(plan);
    expect(await boundOf(plan)).toEqual([]);
    await stage.world.advance(5000);
    await until(
      () => (stage.told.at(-1)?.data as JsonObject | undefined)?.['plans'] !== undefined,
      'it announces itself',
    );
    expect(stage.told.at(-1)?.data).toMatchObject({ plans: [] });
    await stage.restart();
    await stage.start(alpha);
    expect(await boundOf(plan)).toEqual([]);
  });

  test('keeps what another version needs, also one that only another instance knows', async () => {
    const first = await stage.publish(chain('1.0.0'));
    const ports = stage.ports('alpha');
    const second = stage.compile(chain('2.0.0'));
    // As another instance keeps it: in the store, not in this one's memory.
    const plans = await ports.views.open({
      name: 'plans',
      fields: { definition: 'text' },
      indexes: [['definition']],
    });
    const body = JSON.stringify(second);
    await plans.put([{ id: second.digest, version: 1, fields: { definition: 'chain' }, body }]);
    await released(first);
    expect(await boundOf(first)).toEqual(KEYS);
    await released(second);
    expect(await boundOf(second)).toEqual([]);
  });

  test('gives back what another version, published in the same instant, needs as well', async () => {
    const first = await stage.publish(chain('1.0.0'));
    const second = stage.compile(chain('2.0.0'));
    await Promise.all([release(first), stage.ground.send(QUEUE, published(second))]);
    await until(() => confirmed(first).length > 0, 'it is unbound');
    await stage.quiet('alpha');
    expect(await boundOf(second)).toEqual(KEYS);
  });

  test('keeps what it is subscribed to', async () => {
    await stage.start({
      ...labParticipant('beta', [labAction('other', (input) => input)]),
      subscriptions: [{ on: 'ai.aura.saga.started.v1.chain', handle: () => Promise.resolve() }],
    });
    const plan = await stage.publish({ id: 'chain', steps: [{ id: 'one', action: 'other', input: {} }] });
    await stage.ground.send(participantQueue('beta'), published(plan, definitionReleased.type));
    await until(() => confirmed(plan).length > 0, 'it is unbound');
    expect(await boundOf(plan, ['ai.aura.saga.started.v1.chain'])).toEqual(['ai.aura.saga.started.v1.chain']);
  });

  test('is unbound when the delivery comes back, after the broker was away', async () => {
    const plan = await stage.publish(chain('1.0.0'));
    await stage.restart();
    let fails = 0;
    const { bus } = stage.ground;
    const unbind: EventBus['unbind'] = (bindings) => {
      fails += 1;
      return fails > 1 ? bus.unbind(bindings) : Promise.reject(new StoreUnavailableError('no broker'));
    };
    const guarded = new Proxy(bus, {
      get: (target, name) => {
        if (name === 'unbind') return unbind;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
    await stage.start(alpha, { ports: { bus: guarded } });
    await release(plan);
    await until(() => fails === 1, 'it fails');
    await until(async () => {
      await stage.world.advance(1000);
      return confirmed(plan).length > 0;
    }, 'it is unbound');
    expect(await boundOf(plan)).toEqual([]);
  });

  test('binds a plan that it meets once more, and lets go of it when it is told again', async () => {
    const plan = await stage.publish(chain('1.0.0'));
    await released(plan);
    await stage.ground.send(QUEUE, published(plan, planProvided.type));
    await stage.quiet('alpha');
    expect(await boundOf(plan)).toEqual(KEYS);
    await released(plan);
    expect(await boundOf(plan)).toEqual([]);
  });
});
