import { AuraError, NO_LOG } from '@aura/kernel';
import type { Log } from '@aura/kernel';
import { type Binding, EVENTS_EXCHANGE, type QueueDeclaration, STEPS_EXCHANGE } from '@aura/messaging';
import type { Channel, ChannelModel, Options } from 'amqplib';
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { answered } from './answered';
import { applyBindings } from './apply-bindings';
import { closed } from './closed';
import type { Link } from './link';
import type { AmqpSettings } from './options';
import { queueOptions, rungName, rungOptions } from './queue-arguments';
import { asAuraError, declarationRefused, isRefusal, refusalOf } from './refusals';
import { RefusedQueues } from './refused-queues';
import { UnservedQueues } from './unserved-queues';

/** Declares the two exchanges; harmless when they exist. */
export async function declareExchanges(channel: Channel): Promise<void> {
  await Promise.all([
    channel.assertExchange(EVENTS_EXCHANGE, 'topic', { durable: true }),
    channel.assertExchange(STEPS_EXCHANGE, 'direct', { durable: true }),
  ]);
}

/**
 * Queues and bindings: what exists at the broker, and the memory of what this bus asked for, so that a new
 * connection (or a broker that lost it) gets it again. Operations run one after the other on a channel of their
 * own, because a refused one takes its channel with it; one that the loss of a connection interrupted runs again. One
 * that the broker does not answer within the time for a confirm fails, and its channel is thrown away: whoever is next
 * would wait with it. Until the broker has closed that channel nothing more is asked about its queue.
 */
export class Topology {
  readonly #link: Link;
  readonly #settings: AmqpSettings;
  readonly #queues = new Map<string, QueueDeclaration>();
  readonly #bindings = new Map<string, Binding>();
  readonly #rungs = new Map<string, Promise<void>>();
  readonly #repeats = new Set<NodeJS.Timeout>();
  /** Queues that the broker does not serve. */
  readonly unserved = new UnservedQueues();
  /** Queues that could not be restored. */
  readonly refused: RefusedQueues;
  /** The connection that was made ready last, until the bus is closed. */
  #restored: ChannelModel | undefined;
  #wasRestored = false;
  #isClosed = false;
  #channel: { readonly model: ChannelModel; readonly channel: Channel } | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(link: Link, settings: AmqpSettings, log: Log = NO_LOG) {
    this.refused = new RefusedQueues(log);
    this.#link = link;
    this.#settings = settings;
  }

  /** What this bus declared under a name. */
  declaration(queue: string): QueueDeclaration | undefined {
    return this.#queues.get(queue);
  }

  async declareQueue(declaration: QueueDeclaration): Promise<void> {
    const { queue } = declaration;
    await this.#run(toDeclare(queue), [queue], (channel) => this.#assert(channel, declaration));
    this.#queues.set(queue, declaration);
    this.refused.remove(queue);
  }

  async bind(bindings: readonly Binding[]): Promise<void> {
    const what = `bind ${keysOf(bindings)}`;
    await this.#run(what, queuesOf(bindings), (channel) => applyBindings(channel, bindings, 'bind'));
    for (const binding of bindings) this.#bindings.set(identityOf(binding), binding);
  }

  async unbind(bindings: readonly Binding[]): Promise<void> {
    for (const binding of bindings) this.#bindings.delete(identityOf(binding));
    const what = `unbind ${keysOf(bindings)}`;
    await this.#run(what, queuesOf(bindings), (channel) => applyBindings(channel, bindings, 'unbind'));
  }

  /** Messages that wait in a queue, as the broker counts them. */
  async ready(queue: string): Promise<number> {
    const counting = this.#run(`count queue ${queue}`, [queue], (channel) => channel.checkQueue(queue));
    return (await counting).messageCount;
  }

  /** Resolves when the rung of a queue exists; undefined when it is known to. */
  rung(queue: string, rungMs: number): Promise<void> | undefined {
    const name = rungName(queue, rungMs);
    const known = this.#rungs.get(name);
    if (known) return known === DECLARED ? undefined : known;
    const declaring = this.#run(toDeclare(name), [name], (channel) =>
      assertAs(channel, name, rungOptions(queue, rungMs)),
    );
    this.#rungs.set(name, declaring);
    declaring.then(
      () => this.#rungs.set(name, DECLARED),
      () => this.#rungs.delete(name),
    );
    return declaring;
  }

  /** A rung turned out to be gone: the next use declares it again. */
  forgetRung(queue: string, rungMs: number): void {
    this.#rungs.delete(rungName(queue, rungMs));
  }

  /**
   * On a fresh connection: exchanges, and all that was asked for before. A queue that the broker does not serve, or
   * refuses, keeps nothing else from being usable: it is tried again, with growing pauses, as long as the connection stands.
   */
  async restore(model: ChannelModel): Promise<void> {
    this.#stopRepeating();
    this.#restored = model;
    await this.#restoreCommon(model);
    const { initialMs, maxMs } = this.#settings.backoff;
    const backoff = new ExponentialBackoff({ initialDelay: initialMs, maxDelay: maxMs });
    await Promise.all(
      [...this.#queues.values()].map((declaration) =>
        this.#restoreAside(model, declaration).catch((error: unknown) => {
          if (!(error instanceof AuraError)) throw error;
          this.#restoreLater(model, declaration, backoff.next());
        }),
      ),
    );
  }

  /** Nobody else sees to a queue that has no consumer here. */
  #restoreLater(model: ChannelModel, declaration: QueueDeclaration, pause: IBackoff<unknown>): void {
    // A new connection restores everything.
    if (this.#isClosed || this.#restored !== model) return;
    const timer = setTimeout(() => {
      this.#repeats.delete(timer);
      this.#restoreAside(model, declaration).catch(() =>
        this.#restoreLater(model, declaration, pause.next(undefined)),
      );
    }, pause.duration);
    this.#repeats.add(timer);
  }

  #stopRepeating(): void {
    this.#restored = undefined;
    for (const timer of this.#repeats) clearTimeout(timer);
    this.#repeats.clear();
  }

  /** Tries nothing again, also of what a connection that comes back while the bus closes could not restore. */
  close(): void {
    this.#isClosed = true;
    this.#stopRepeating();
  }

  /** Without it the connection does not count as up. */
  async #restoreCommon(model: ChannelModel): Promise<void> {
    const crashed: QueueDeclaration = { queue: this.#settings.crashedQueue, kind: 'crashed' };
    const what = 'declare the exchanges and the queue of what crashed';
    const declaring = this.#answered(what, [crashed.queue], this.#declareCommon(model, crashed));
    // Whoever connects hears himself why that fails.
    await (this.#wasRestored ? this.#tellingRefusal(what, crashed, declaring) : declaring);
    this.#wasRestored = true;
  }

  async #declareCommon(model: ChannelModel, crashed: QueueDeclaration): Promise<void> {
    const channel = await this.#openOn(model);
    await declareExchanges(channel);
    // Dead letters of every other queue go there: it must stand before them.
    await this.#assert(channel, crashed);
    const faces = [...this.#bindings.values()].filter(({ kind }) => kind === 'publicFace');
    await applyBindings(channel, faces, 'bind');
  }

  /** Declares a queue of ours once more, with its bindings (somebody deleted it). */
  async restoreQueue(queue: string): Promise<void> {
    const declaration = this.#queues.get(queue);
    if (!declaration) return;
    const model = await this.#link.whenUp(this.#settings.publishTimeoutMs);
    await this.#restoreAside(model, declaration);
  }

  /** On a channel that nobody else waits for. */
  async #restoreAside(model: ChannelModel, declaration: QueueDeclaration): Promise<void> {
    const { queue } = declaration;
    const what = toDeclare(queue);
    this.unserved.demandServed(what, [queue]);
    const opening = model.createChannel();
    const ours = [...this.#bindings.values()].filter((one) => one.kind === 'queue' && one.queue === queue);
    const restoring = opening.then(async (channel) => {
      channel.on('error', () => undefined);
      await this.#assert(channel, declaration);
      await applyBindings(channel, ours, 'bind');
    });
    const limitMs = this.#settings.confirmTimeoutMs;
    let isLate = false;
    try {
      const late = (): void => void (isLate = true);
      await this.#tellingRefusal(what, declaration, answered(restoring, { what, limitMs, late }));
    } finally {
      // It may be gone already, with what was refused or with the connection.
      const gone = opening.then(closed).catch(() => undefined);
      if (isLate) this.unserved.add([queue], gone);
    }
  }

  /** A connection that went away says nothing about the queue. Errors: what the broker itself refused is an `AuraError`. */
  async #tellingRefusal(
    what: string,
    declaration: QueueDeclaration,
    declaring: Promise<void>,
  ): Promise<void> {
    try {
      await declaring;
      this.refused.remove(declaration.queue);
    } catch (error) {
      const refusal = refusalOf(what, error);
      if (refusal instanceof AuraError) this.refused.add(declaration, refusal);
      throw refusal;
    }
  }

  async #assert(channel: Channel, declaration: QueueDeclaration): Promise<void> {
    await assertAs(channel, declaration.queue, queueOptions(declaration, this.#settings.crashedQueue));
  }

  /** `queues`: those that the broker has to ask for it. */
  #run<T>(what: string, queues: readonly string[], operation: (channel: Channel) => Promise<T>): Promise<T> {
    const turn = this.#tail.then(() => this.#attempt(what, queues, operation));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async #attempt<T>(
    what: string,
    queues: readonly string[],
    operation: (channel: Channel) => Promise<T>,
  ): Promise<T> {
    const deadline = performance.now() + this.#settings.publishTimeoutMs;
    for (;;) {
      const model = await this.#link.whenUp(deadline - performance.now());
      this.unserved.demandServed(what, queues);
      try {
        return await this.#answered(what, queues, this.#openOn(model).then(operation));
      } catch (error) {
        const isOver = error instanceof AuraError || isRefusal(error) || performance.now() >= deadline;
        if (isOver) throw asAuraError(error);
        // Otherwise the connection went away under the operation: wait for the next one.
        await new Promise((resolve) => setTimeout(resolve, this.#settings.backoff.initialMs));
      }
    }
  }

  #answered<T>(what: string, queues: readonly string[], answer: Promise<T>): Promise<T> {
    const late = (): void => {
      const { channel } = this.#channel ?? {};
      this.#channel = undefined;
      if (channel !== undefined) this.unserved.add(queues, closed(channel));
    };
    return answered(answer, { what, limitMs: this.#settings.confirmTimeoutMs, late });
  }

  async #openOn(model: ChannelModel): Promise<Channel> {
    if (this.#channel?.model === model) return this.#channel.channel;
    const channel = await model.createChannel();
    this.#channel = { model, channel };
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (this.#channel?.channel === channel) this.#channel = undefined;
    });
    return channel;
  }
}

function identityOf(binding: Binding): string {
  return binding.kind === 'publicFace'
    ? JSON.stringify([binding.key])
    : JSON.stringify([binding.key, binding.exchange, binding.queue]);
}

function toDeclare(queue: string): string {
  return `declare queue ${queue}`;
}

function queuesOf(bindings: readonly Binding[]): readonly string[] {
  return bindings.flatMap((binding) => (binding.kind === 'queue' ? [binding.queue] : []));
}

function keysOf(bindings: readonly Binding[]): string {
  return `${bindings.map(({ key }) => key).join(', ')}`;
}

const DECLARED = Promise.resolve();

async function assertAs(channel: Channel, queue: string, options: Options.AssertQueue): Promise<void> {
  await channel.assertQueue(queue, options).catch((error: unknown) => {
    throw declarationRefused(queue, error);
  });
}
