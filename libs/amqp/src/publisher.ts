import { BATCH_CONTENT_TYPE } from '@aura/contracts';
import { StoreUnavailableError } from '@aura/kernel';
import { BusFullError, type Destination, type OutboundMessage, UnroutableError } from '@aura/messaging';
import type { ChannelModel } from 'amqplib';
import { answered } from './answered';
import { type Batch, Batches, joinEvents } from './batches';
import { Call, type Copy, finish, isAbandoned, newCopy } from './copy';
import type { AmqpSettings } from './options';
import { type Encoded, encodeMessage } from './outbound';
import { type Outcome, PublishingChannel } from './publishing-channel';
import { rungFor, rungName } from './queue-arguments';
import type { Topology } from './topology';

/** Refusals of a queue without a known bound (its leader may be changing) before they are believed. */
const REFUSALS = 3;
const AFTER_REFUSAL_MS = 100;
/** Longest pause between two looks at limits. */
const WATCH_MS = 1_000;

/**
 * Publishes with confirms. All copies of one turn are written together; a call resolves when each of its copies is
 * confirmed. Copies whose confirm is unknown (time limit, lost connection) are written again, same bytes, same id,
 * on the next connection, until the call's limit.
 */
export class Publisher {
  readonly #settings: AmqpSettings;
  readonly #topology: Topology;
  readonly #drop: (reason: string) => void;
  readonly #batches: Batches;
  readonly #calls = new Set<Call>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #waiting: Copy[] = [];
  #channel: PublishingChannel | undefined;
  #isFlushDue = false;
  #isBlocked = false;
  #isClosed = false;
  #watch: NodeJS.Timeout | undefined;
  #watchedAt = 0;
  /** No confirm is late before this: the broker was blocked or this process stood still. */
  #patientSince = 0;

  /** `drop` gives the publishing connection up. */
  constructor(settings: AmqpSettings, topology: Topology, drop: (reason: string) => void) {
    this.#settings = settings;
    this.#topology = topology;
    this.#drop = drop;
    this.#batches = new Batches(settings.batch);
  }

  /** See `EventBus.publish`. */
  publish(messages: readonly OutboundMessage[]): Promise<void> {
    const call = new Call(performance.now() + this.#settings.publishTimeoutMs);
    try {
      if (this.#isClosed) throw new StoreUnavailableError('the bus is closed');
      const encoded = messages.map(encodeMessage);
      call.expect();
      for (const one of encoded) for (const to of one.message.to) this.#take(one, to, call);
    } catch (error) {
      return Promise.reject(asError(error));
    }
    this.#calls.add(call);
    const forget = () => this.#calls.delete(call);
    call.promise.then(forget, forget);
    this.#startWatch();
    this.#flushThisTurn();
    call.done();
    return call.promise;
  }

  #take({ body, options }: Encoded, to: Destination, call: Call): void {
    call.expect();
    const calls = [call];
    if (to.kind === 'exchange') {
      const mandatory = to.mandatory === true;
      this.#waiting.push(newCopy(to.exchange, to.key, body, { options: { ...options, mandatory }, calls }));
    } else if (to.kind === 'delay') {
      const rung = { queue: to.queue, rungMs: rungFor(to.delayMs) };
      this.#toRung(newCopy('', rungName(rung.queue, rung.rungMs), body, { options, calls, rung }));
    } else if (to.batch === true && options.headers === undefined) {
      this.#batches.add(to.queue, { body, options, call });
    } else {
      this.#waiting.push(newCopy('', to.queue, body, { options, calls }));
    }
  }

  /** Queues a copy for a retry queue as soon as that queue is known to exist. */
  #toRung(copy: Copy): void {
    const declaring = copy.rung && this.#topology.rung(copy.rung.queue, copy.rung.rungMs);
    if (!declaring) {
      this.#queueAgain(copy);
      return;
    }
    declaring.then(
      () => this.#queueAgain(copy),
      (error: unknown) => finish(copy, asError(error)),
    );
  }

  #queueAgain(copy: Copy): void {
    this.#waiting.push(copy);
    this.#flushThisTurn();
  }

  #flushThisTurn(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    for (const batch of this.#batches.take()) this.#waiting.push(copyOf(batch));
    if (!this.#channel || this.#isBlocked || this.#waiting.length === 0) return;
    const sent = this.#channel.send(this.#waiting, performance.now());
    this.#waiting = sent === this.#waiting.length ? [] : this.#waiting.slice(sent);
  }

  /** A fresh connection: opens the channel on it. Part of the link's set-up. */
  async setUp(model: ChannelModel): Promise<void> {
    const opening = PublishingChannel.open(model, {
      settled: (copy, outcome) => this.#settled(copy, outcome),
      drained: () => this.#flush(),
      lost: (reason) => this.#lose(channel, reason),
    });
    const limitMs = this.#settings.confirmTimeoutMs;
    // A connection that could not be set up is dropped, and with it what was opened on it.
    const late = (): void => undefined;
    const channel: PublishingChannel = await answered(opening, { what: 'take publishes', limitMs, late });
    this.#channel = channel;
    this.#flushThisTurn();
  }

  /** What was unconfirmed has an unknown end: it goes first on the next connection. */
  #lose(channel: PublishingChannel, reason: string): void {
    const unknown = channel.unconfirmed.filter((copy) => !isAbandoned(copy));
    this.#waiting = [...unknown, ...this.#waiting];
    if (this.#channel === channel) this.#channel = undefined;
    this.#isBlocked = false;
    if (!this.#isClosed) this.#drop(reason);
  }

  #settled(copy: Copy, outcome: Outcome): void {
    switch (outcome) {
      case 'safe':
        finish(copy);
        return;
      case 'returned':
        this.#returned(copy);
        return;
      case 'refused':
        this.#refused(copy);
        return;
    }
  }

  #returned(copy: Copy): void {
    if (copy.rung && copy.refusals === 0) {
      // Somebody deleted the retry queue that was known to exist.
      copy.refusals += 1;
      this.#topology.forgetRung(copy.rung.queue, copy.rung.rungMs);
      this.#toRung(copy);
      return;
    }
    finish(copy, new UnroutableError(copy.exchange || 'the default exchange', copy.key));
  }

  #refused(copy: Copy): void {
    copy.refusals += 1;
    const isBounded = copy.exchange !== '' || this.#topology.declaration(copy.key)?.maxLength !== undefined;
    if (isBounded || copy.refusals >= REFUSALS) {
      finish(
        copy,
        new BusFullError(copy.exchange === '' ? copy.key : `behind ${copy.key} on ${copy.exchange}`),
      );
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#queueAgain(copy);
    }, AFTER_REFUSAL_MS);
    this.#timers.add(timer);
  }

  /** The broker asks to wait (true), or no longer does. */
  block(isBlocked: boolean): void {
    this.#isBlocked = isBlocked;
    if (isBlocked) return;
    this.#patientSince = performance.now();
    this.#flushThisTurn();
  }

  #startWatch(): void {
    if (this.#watch) return;
    const everyMs = Math.min(
      WATCH_MS,
      this.#settings.confirmTimeoutMs / 4,
      this.#settings.publishTimeoutMs / 4,
    );
    this.#watchedAt = performance.now();
    this.#watch = setInterval(() => this.#look(everyMs), everyMs);
  }

  #look(everyMs: number): void {
    const now = performance.now();
    // Confirms may lie unread behind a standstill of this process.
    if (now - this.#watchedAt > 3 * everyMs) this.#patientSince = now;
    this.#watchedAt = now;
    this.#expire(now);
    const oldest = this.#isBlocked ? undefined : this.#channel?.oldestSentAt;
    if (
      oldest !== undefined &&
      now - Math.max(oldest, this.#patientSince) > this.#settings.confirmTimeoutMs
    ) {
      this.#drop(`no confirm within ${this.#settings.confirmTimeoutMs} ms`);
    }
    if (this.#calls.size > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  #expire(now: number): void {
    const late = [...this.#calls].filter((call) => call.deadline <= now);
    if (late.length === 0) return;
    const why = this.#isBlocked ? 'blocked' : this.#channel ? 'not confirmed' : 'not connected';
    const error = new StoreUnavailableError(
      `not safe at RabbitMQ within ${this.#settings.publishTimeoutMs} ms (${why})`,
    );
    for (const call of late) call.settle(error);
    this.#waiting = this.#waiting.filter((copy) => !isAbandoned(copy));
  }

  /** Takes nothing more; waits for what is under way, at most the confirm limit, when it still can end well. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const open = [...this.#calls];
    if (this.#channel && !this.#isBlocked && open.length > 0) {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise((resolve) => (timer = setTimeout(resolve, this.#settings.confirmTimeoutMs)));
      await Promise.race([Promise.allSettled(open.map((call) => call.promise)), limit]);
      clearTimeout(timer);
    }
    for (const call of open)
      call.settle(new StoreUnavailableError('the bus was closed before the confirm came'));
    this.#waiting = [];
    this.#channel = undefined;
    clearInterval(this.#watch);
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

function copyOf({ queue, parts }: Batch): Copy {
  const calls = parts.map(({ call }) => call);
  const [first] = parts;
  if (first && parts.length === 1) return newCopy('', queue, first.body, { options: first.options, calls });
  const options = { persistent: true, mandatory: true, contentType: BATCH_CONTENT_TYPE };
  return newCopy('', queue, joinEvents(parts.map(({ body }) => body)), { options, calls });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new TypeError(String(error));
}
