import type { BusHealth, EventBus } from '@aura/messaging';
import { consumeThrough, DONE, NO_OUTAGE } from '@aura/messaging';
import type { OutageWatch } from '@aura/messaging';
import { someEvent, until } from '@aura/messaging/testing';
import { Ground } from '../ground/ground';

const WORK = 'aura.test.work';

/** An embedded bus that says what the test makes it say of its health, as a broker under pressure would. */
class PressedBus implements Pick<EventBus, 'consume' | 'publish' | 'health' | 'onHealth'> {
  private standing: BusHealth = { status: 'up', withoutConsumer: [] };
  private readonly listeners = new Set<(health: BusHealth) => void>();

  constructor(private readonly bus: EventBus) {}

  readonly consume: EventBus['consume'] = (request) => this.bus.consume(request);
  readonly publish: EventBus['publish'] = (messages) => this.bus.publish(messages);
  readonly health = (): BusHealth => this.standing;
  readonly onHealth: EventBus['onHealth'] = (listener) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  get listening(): number {
    return this.listeners.size;
  }

  becomes(status: BusHealth['status']): void {
    this.standing = { status, withoutConsumer: [] };
    for (const listener of this.listeners) listener(this.standing);
  }
}

describe('a consumer whose broker asks publishers to wait', () => {
  let ground: Ground;
  let bus: PressedBus;
  let taken: string[];
  beforeEach(async () => {
    ground = await Ground.open();
    await ground.queues(WORK);
    bus = new PressedBus(ground.bus);
    taken = [];
  });
  afterEach(() => ground.close());

  const consume = (outage: OutageWatch = NO_OUTAGE) =>
    consumeThrough({
      bus: bus as PressedBus & EventBus,
      world: ground.world,
      queue: WORK,
      prefetch: 10,
      consumer: 'tester',
      source: '/aura/tester',
      outage,
      log: ground.log,
      handler: ({ event }) => {
        taken.push(event.id);
        return Promise.resolve(DONE);
      },
    });

  /** Whether a message that is sent now stays in its queue. */
  async function stays(id: string): Promise<boolean> {
    await ground.send(WORK, someEvent(id));
    await ground.embedded.connect().close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    return !taken.includes(id);
  }

  test('takes nothing until the broker goes on, however often it says so', async () => {
    const consumer = await consume();
    bus.becomes('blocked');
    bus.becomes('blocked');
    expect(await stays('a')).toBe(true);
    bus.becomes('down');
    await consumer.resume(1);
    expect(await stays('b')).toBe(true);
    bus.becomes('up');
    bus.becomes('up');
    await until(() => taken.length === 2, 'both are taken');
    await consumer.stop(0);
    expect(bus.listening).toBe(0);
  });

  test('begins paused when the broker is blocked already', async () => {
    bus.becomes('blocked');
    const consumer = await consume();
    expect(await stays('a')).toBe(true);
    bus.becomes('up');
    await until(() => taken.length === 1, 'it is taken');
    await consumer.pause();
    expect(await stays('b')).toBe(true);
    await consumer.resume();
    await until(() => taken.length === 2, 'it is taken after a pause of its own');
  });

  test('stays paused behind the block while an outage lasts', async () => {
    await consume({ ...NO_OUTAGE, isOpen: () => true });
    bus.becomes('blocked');
    bus.becomes('up');
    expect(await stays('a')).toBe(true);
  });

  test('warns when it cannot follow', async () => {
    const real = bus.consume.bind(bus);
    const broken = Object.assign(bus, {
      consume: async (request: Parameters<EventBus['consume']>[0]) => ({
        ...(await real(request)),
        queue: request.queue,
        pause: () => Promise.reject(new Error('channel closed')),
      }),
    });
    await consume();
    broken.becomes('blocked');
    await until(() => ground.warnings.length === 1, 'the warning');
    expect(ground.warnings[0]?.message).toBe('the consumer could not follow the broker');
  });
});
