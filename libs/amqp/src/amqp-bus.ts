import { NO_LOG, StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';
import type { Log } from '@aura/kernel';
import type {
  Binding,
  BusHealth,
  Consumer,
  Delivery,
  EventBus,
  OutboundMessage,
  QueueDeclaration,
} from '@aura/messaging';
import { z } from 'zod';
import { ConsumerSession } from './consumer-session';
import { Health } from './health';
import { Link } from './link';
import { type AmqpOptions, amqpOptions, type AmqpSettings } from './options';
import { Publisher } from './publisher';
import { Topology } from './topology';

const PUBLISHING = 'publishing';
const CONSUMING = 'consuming';

/** The event bus on RabbitMQ, 3.10 to 4.x. Made by {@link connectAmqp}. */
export class AmqpBus implements EventBus {
  readonly #settings: AmqpSettings;
  readonly #sessions = new Set<ConsumerSession>();
  readonly #health: Health;
  readonly #publishing: Link;
  readonly #consuming: Link;
  readonly #topology: Topology;
  readonly #publisher: Publisher;
  #isClosed = false;

  private constructor(settings: AmqpSettings, log: Log) {
    this.#settings = settings;
    this.#health = new Health([CONSUMING, PUBLISHING], () => ({
      withoutConsumer: [...this.#sessions]
        .filter((session) => session.isWithoutConsumer)
        .map(({ queue }) => queue),
      refused: this.#topology.refused.sentences,
    }));
    this.#consuming = new Link(CONSUMING, settings, {
      setUp: (model) => this.#topology.restore(model),
      up: () => {
        this.#health.link(CONSUMING, true);
        for (const session of this.#sessions) session.reconcile();
      },
      down: (reason) => this.#health.link(CONSUMING, false, reason),
      blocked: () => undefined,
    });
    this.#topology = new Topology(this.#consuming, settings, log);
    this.#publisher = new Publisher(settings, this.#topology, (reason) => this.#publishing.drop(reason));
    this.#publishing = new Link(PUBLISHING, settings, {
      setUp: (model) => this.#publisher.setUp(model),
      up: () => this.#health.link(PUBLISHING, true),
      down: (reason) => {
        // In this order: what is lost is not up for a moment because nobody asks it to wait any more.
        this.#health.link(PUBLISHING, false, reason);
        this.#health.block(undefined);
      },
      blocked: (reason) => {
        this.#publisher.block(reason !== undefined);
        this.#health.block(reason);
      },
    });
  }

  /** See {@link connectAmqp}. */
  static async connect(settings: AmqpSettings, log: Log): Promise<AmqpBus> {
    const bus = new AmqpBus(settings, log);
    try {
      await Promise.all([bus.#consuming.start(), bus.#publishing.start()]);
    } catch (error) {
      await bus.close();
      throw error;
    }
    bus.#health.onChange((health) => bus.#tell(health, log));
    return bus;
  }

  #tell({ status, reason = 'no reason known' }: BusHealth, log: Log): void {
    if (this.#isClosed) return;
    const where = `RabbitMQ at ${new URL(this.#settings.url).host}`;
    switch (status) {
      case 'up':
        return log.info(`${where} is there again`);
      case 'blocked':
        return log.warn(`${where} asks publishers to wait: ${reason}`);
      case 'down':
        return log.warn(`${where} is lost, and connected to again: ${reason}`);
    }
  }

  publish(messages: readonly OutboundMessage[]): Promise<void> {
    return this.#publisher.publish(messages);
  }

  declareQueue(declaration: QueueDeclaration): Promise<void> {
    return this.#topology.declareQueue(declaration);
  }

  bind(bindings: readonly Binding[]): Promise<void> {
    return this.#topology.bind(bindings);
  }

  unbind(bindings: readonly Binding[]): Promise<void> {
    return this.#topology.unbind(bindings);
  }

  async consume(request: {
    readonly queue: string;
    readonly prefetch: number;
    readonly handle: (deliveries: readonly Delivery[]) => void;
  }): Promise<Consumer> {
    if (this.#isClosed) throw new StoreUnavailableError('the bus is closed');
    for (const old of this.#sessions) if (old.isStopped) this.#sessions.delete(old);
    const session = new ConsumerSession(request, this.#consuming, this.#topology, this.#settings);
    this.#sessions.add(session);
    try {
      await session.start(this.#settings.publishTimeoutMs);
    } catch (error) {
      this.#sessions.delete(session);
      throw error;
    }
    return session;
  }

  /** Messages that wait in a queue and those that this process has unsettled; AMQP does not tell those of others. */
  async depth(queue: string): Promise<number> {
    const ready = await this.#topology.ready(queue);
    let unsettled = 0;
    for (const session of this.#sessions) if (session.queue === queue) unsettled += session.unsettled;
    return ready + unsettled;
  }

  health(): BusHealth {
    return this.#health.current;
  }

  onHealth(listener: (health: BusHealth) => void): () => void {
    return this.#health.onChange(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#topology.close();
    await this.#publisher.close();
    await Promise.all([...this.#sessions].map((session) => session.stop(0)));
    this.#sessions.clear();
    await Promise.all([this.#publishing.close(), this.#consuming.close()]);
  }
}

/**
 * Connects to RabbitMQ: one connection for publishing and one for consuming, both supervised, exchanges declared. `log`: hears, once
 * the bus is in use, when it is down, blocked and up again, and of queues that the broker refuses; default nobody.
 * Errors: `UnsafeSetupError` for wrong options, refused credentials and a broker that Aura cannot rely on;
 * `StoreUnavailableError` when there is no connection within the start limit.
 */
export async function connectAmqp(options: AmqpOptions, log: Log = NO_LOG): Promise<AmqpBus> {
  const parsed = amqpOptions.safeParse(options);
  if (!parsed.success) {
    throw new UnsafeSetupError(
      `the RabbitMQ options are wrong: ${z.prettifyError(parsed.error)}`,
      'Correct the options; the URL usually comes from AURA_RABBITMQ_URL.',
    );
  }
  return AmqpBus.connect(parsed.data, log);
}
