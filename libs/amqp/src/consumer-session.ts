import { StoreUnavailableError } from '@aura/kernel';
import type { Consumer, Delivery, QueueKind } from '@aura/messaging';
import type { ChannelModel } from 'amqplib';
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { answered } from './answered';
import { closed, closedLate } from './closed';
import type { Life, Taking } from './consumer-life';
import type { ConsumerRequest } from './consumer-request';
import type { Link } from './link';
import type { AmqpSettings } from './options';
import { isNotFound, notDeclared } from './refusals';
import { socketOf } from './socket';
import type { Topology } from './topology';
import { Window } from './window';

/**
 * One supervised consumption. What is wanted and what is are kept apart; `#reconcile` brings the one to the other.
 *
 * Wanted:
 * - consuming: at first and after `resume`.
 * - paused: entered by `pause`; nothing is taken, what waits goes back, what is in hand may be settled.
 * - stopped: entered by `stop`, or when the queue of the first consume is one that this bus did not declare and that is
 *   not there; never left.
 *
 * While consuming, a fresh channel takes one message first (probing). A sound one opens the full prefetch. A suspect
 * (it came back more than 3 times) closes the tap until the window is empty (quarantine), then probing begins anew:
 * so when it kills the process, nothing but suspects is counted as returned with it.
 * A lost channel, a consumer cancelled by the broker, a deleted queue (a subscriber's goes with the last consumer that took
 * from it) and a broker that does not answer for a queue are mended with growing pauses; a channel on which no answer comes
 * within the time for a confirm is thrown away.
 */
export class ConsumerSession implements Consumer {
  readonly queue: string;
  readonly #handle: (deliveries: readonly Delivery[]) => void;
  readonly #link: Link;
  readonly #topology: Topology;
  readonly #backoffs: ExponentialBackoff<unknown>;
  #backoff: IBackoff<unknown> | undefined;
  readonly #answerWithinMs: number;
  readonly #ownPrefetch: number;
  #prefetch: number;
  #wanted: 'consuming' | 'paused' | 'stopped' = 'consuming';
  #life: Life | undefined;
  #running: Promise<void> | undefined;
  #isDue = false;
  /** Reconciliations that were given up because no answer came: what still comes of them is too late. */
  #givenUp = 0;
  #retry: NodeJS.Timeout | undefined;
  #firstRefusal: ((error: Error) => void) | undefined;
  #firstTaken: (() => void) | undefined;
  #idle: (() => void) | undefined;

  constructor(request: ConsumerRequest, link: Link, topology: Topology, settings: AmqpSettings) {
    this.queue = request.queue;
    this.#ownPrefetch = this.#prefetch = request.prefetch;
    this.#handle = request.handle;
    this.#link = link;
    this.#topology = topology;
    this.#answerWithinMs = settings.confirmTimeoutMs;
    const { initialMs, maxMs } = settings.backoff;
    this.#backoffs = new ExponentialBackoff({ initialDelay: initialMs, maxDelay: maxMs });
  }

  /** Begins; resolves when the broker delivers. Errors: the broker's refusal, or `StoreUnavailableError` after `limitMs`. */
  async start(limitMs: number): Promise<void> {
    this.#topology.refused.taken(this.queue, this);
    const taken = new Promise<void>((resolve, reject) => {
      this.#firstTaken = resolve;
      this.#firstRefusal = reject;
    });
    const timer = setTimeout(() => {
      this.#firstRefusal?.(
        new StoreUnavailableError(`queue ${this.queue} not consumed within ${limitMs} ms`),
      );
    }, limitMs);
    this.reconcile();
    try {
      await taken;
    } catch (error) {
      void this.stop(0);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#firstTaken = this.#firstRefusal = undefined;
    }
  }

  /** Whether it ended for good. */
  get isStopped(): boolean {
    return this.#wanted === 'stopped';
  }

  /** Whether it should take from its queue and does not. */
  get isWithoutConsumer(): boolean {
    if (this.#wanted !== 'consuming') return false;
    return !this.#life || !(this.#life.taking || this.#life.isQuarantined);
  }

  /** Messages that the broker counts as unsettled here. */
  get unsettled(): number {
    return this.#life?.window.settlements.size ?? 0;
  }

  /** Brings what is to what is wanted; called whenever one of them changed. */
  reconcile(): void {
    this.#isDue = true;
    this.#running ??= this.#work().finally(() => (this.#running = undefined));
  }

  async #work(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      try {
        await this.#answered(this.#reconcileOnce());
      } catch (error) {
        this.#mend(error);
      }
    }
  }

  #answered(answer: Promise<void>): Promise<void> {
    const late = (): void => {
      this.#givenUp += 1;
      const life = this.#life;
      if (life) this.#lose(life);
      // What it had in hand comes again when the broker gets round to this; before that it is asked for nothing.
      if (life) this.#topology.unserved.add([this.queue], closed(life.channel));
    };
    const what = `serve the consumer of queue ${this.queue}`;
    return answered(answer, { what, limitMs: this.#answerWithinMs, late });
  }

  async #reconcileOnce(): Promise<void> {
    const model = this.#link.model;
    if (!model || this.#wanted === 'stopped') return;
    const life = this.#life;
    if (this.#wanted === 'consuming' && !life?.isQuarantined)
      await this.#take(life ?? (await this.#open(model)));
    else if (life) await this.#leave(life);
  }

  async #open(model: ChannelModel): Promise<Life> {
    this.#topology.unserved.demandServed('consume it', [this.queue]);
    const givenUp = this.#givenUp;
    const channel = await model.createChannel();
    if (givenUp !== this.#givenUp) throw await closedLate(channel);
    const kind: QueueKind | undefined = this.#topology.declaration(this.queue)?.kind;
    const window = new Window(channel, socketOf(model), {
      queue: this.queue,
      kind,
      handle: this.#handle,
      prefetch: () => this.#prefetch,
      suspectArrived: () => this.#quarantine(life),
      soundArrived: () => this.#prove(life),
      emptied: () => this.#emptied(life),
    });
    // Classic queues count no returns: there is nothing to probe for.
    const life: Life = {
      channel,
      window,
      taking: undefined,
      isProven: kind === 'subscriber',
      isQuarantined: false,
    };
    channel.on('error', () => undefined);
    channel.on('handler-error', () => void this.#close(life));
    channel.on('close', () => this.#lose(life));
    this.#life = life;
    return life;
  }

  async #take(life: Life): Promise<void> {
    const prefetch = life.isProven ? this.#prefetch : 1;
    const before = life.taking;
    if (before?.prefetch === prefetch) return;
    await life.channel.prefetch(prefetch);
    const taking: Taking = { tag: '', prefetch };
    const { consumerTag } = await life.channel.consume(this.queue, (message) => {
      if (message) life.window.arrive(message);
      else this.#cancelled(life, taking);
    });
    taking.tag = consumerTag;
    life.taking = taking;
    this.#backoff = undefined;
    this.#firstTaken?.();
    if (before) await life.channel.cancel(before.tag);
  }

  async #leave(life: Life): Promise<void> {
    const { taking } = life;
    life.taking = undefined;
    if (taking) await life.channel.cancel(taking.tag);
  }

  #prove(life: Life): void {
    if (life.isProven) return;
    life.isProven = true;
    this.reconcile();
  }

  #quarantine(life: Life): void {
    if (life.isQuarantined) return;
    life.isQuarantined = true;
    this.reconcile();
  }

  #emptied(life: Life): void {
    this.#idle?.();
    if (!life.isQuarantined) return;
    life.isQuarantined = false;
    life.isProven = false;
    this.reconcile();
  }

  /** The broker cancelled the consumer: its queue was deleted, or moved. */
  #cancelled(life: Life, taking: Taking): void {
    if (this.#life !== life || life.taking !== taking) return;
    life.taking = undefined;
    this.#mend(undefined);
  }

  #lose(life: Life): void {
    life.window.die();
    life.taking = undefined;
    this.#idle?.();
    if (this.#life !== life) return;
    this.#life = undefined;
    if (this.#link.model && this.#wanted === 'consuming') this.#mend(undefined);
  }

  #mend(error: unknown): void {
    if (this.#firstRefusal && isNotFound(error) && !this.#topology.declaration(this.queue)) {
      this.#firstRefusal(notDeclared(error));
      return;
    }
    if (this.#retry || this.#wanted === 'stopped') return;
    this.#backoff = this.#backoff?.next(undefined) ?? this.#backoffs.next();
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      const again = () => this.reconcile();
      this.#topology.restoreQueue(this.queue).then(again, again);
    }, this.#backoff.duration);
  }

  async pause(): Promise<void> {
    if (this.#wanted === 'stopped') return;
    this.#wanted = 'paused';
    this.#life?.window.hold();
    this.reconcile();
    await this.#running;
  }

  async resume(prefetch?: number): Promise<void> {
    if (this.#wanted === 'stopped') return;
    this.#wanted = 'consuming';
    this.#prefetch = prefetch ?? this.#ownPrefetch;
    this.#life?.window.release();
    this.reconcile();
    await this.#running;
  }

  async stop(graceMs: number): Promise<void> {
    this.#wanted = 'stopped';
    this.#topology.refused.left(this.queue, this);
    this.#firstRefusal?.(new StoreUnavailableError(`queue ${this.queue} not consumed: stopped before`));
    clearTimeout(this.#retry);
    await this.#running;
    const life = this.#life;
    if (!life) return;
    life.window.close();
    await this.#answered(this.#leave(life)).catch(() => undefined);
    await this.#settled(life, graceMs);
    life.window.settlements.flush();
    this.#life = undefined;
    await this.#answered(this.#close(life)).catch(() => undefined);
  }

  /** Gives back what is still unsettled. A channel that is closing takes no settlement any more. */
  #close(life: Life): Promise<void> {
    life.window.die();
    return closed(life.channel);
  }

  #settled(life: Life, graceMs: number): Promise<void> {
    if (life.window.inHand === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
