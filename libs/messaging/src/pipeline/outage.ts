import type { CloudEvent, ErrorRecord } from '@aura/contracts';
import type { Cancel, World } from '@aura/kernel';
import type { Consumer } from '../bus';
import type { OutageWatch } from './failures';
import type { DeliveryContext } from './middleware';

/** When an outage is called, and how long it is waited. Times in milliseconds. */
export interface OutageOptions {
  /** Different sagas that must fail in a row with the same code; default 8. */
  readonly sagas: number;
  /** First wait before a probe; default 1000. Doubles. */
  readonly firstWaitMs: number;
  /** Longest wait; default 30000. */
  readonly longestWaitMs: number;
  /** How long one word of `paused` counts; default 15000. Renewed at a third of it. */
  readonly pauseLeaseMs: number;
  /** How long a probe is waited for before one is asked for again; default 30000. */
  readonly probeMs: number;
}

export const OUTAGE_DEFAULTS: OutageOptions = {
  sagas: 8,
  firstWaitMs: 1000,
  longestWaitMs: 30_000,
  pauseLeaseMs: 15_000,
  probeMs: 30_000,
};

/** Who is told of an outage. */
export interface OutageListener {
  /** The pause counts until this time (ms since 1970) unless renewed. */
  paused(untilMs: number, error: ErrorRecord): void;
  resumed(): void;
  /** A pause or resume of the consumer went wrong. */
  failed(error: unknown): void;
}

type Mode =
  | { readonly status: 'closed' }
  | { readonly status: 'open' }
  | { readonly status: 'probing'; readonly waitMs: number };

/**
 * Tells an outage from poison: the same failure across many sagas, with no success in between, is an outage.
 *
 * - `closed`: entered at the start and by a success while probing; counts failures by code and saga.
 * - `open`: entered when enough sagas failed alike, or when a probe failed; consumption is paused and the pause
 *   renewed as a lease; left after a wait that doubles with every failed probe.
 * - `probing`: one delivery at a time, asked for again and again until one is answered. A success closes, a failure opens
 *   again. The lease is renewed for the time of one probe: where nothing comes to probe with, the timeouts of those who
 *   wait must go on, since what they bring again may be all that ever comes.
 *
 * Stopped, it stays in its mode and does nothing more.
 */
export class OutageBreaker implements OutageWatch {
  private mode: Mode = { status: 'closed' };
  private readonly failing = new Map<string, Set<string>>();
  private cancelWait: Cancel = () => undefined;
  private cancelRenewal: Cancel = () => undefined;
  private consumer: Consumer | undefined;
  private isStopped = false;

  constructor(
    private readonly world: World,
    private readonly options: OutageOptions,
    private readonly listener: OutageListener,
  ) {}

  /** The consumer to pause. */
  guard(consumer: Consumer): void {
    this.consumer = consumer;
    // Its first deliveries may have failed before anybody could say whom to pause.
    if (this.mode.status === 'open') this.act((guarded) => guarded.pause());
  }

  isOpen(): boolean {
    return this.mode.status !== 'closed';
  }

  succeeded(): void {
    if (this.isStopped) return;
    this.failing.clear();
    if (this.mode.status === 'probing') this.enterClosed();
  }

  failed(context: DeliveryContext, error: ErrorRecord): void {
    const { mode } = this;
    if (this.isStopped || mode.status === 'open') return;
    const { firstWaitMs, longestWaitMs, sagas } = this.options;
    if (mode.status === 'probing') this.enterOpen(error, Math.min(mode.waitMs * 2, longestWaitMs));
    else if (this.countFailure(error.code, context.event) >= sagas) this.enterOpen(error, firstWaitMs);
  }

  /** Stops counting, waiting and renewing: deliveries in hand may still fail, and must not arm a timer again. */
  stop(): void {
    this.isStopped = true;
    this.cancelTimers();
  }

  private cancelTimers(): void {
    this.cancelWait();
    this.cancelRenewal();
  }

  private countFailure(code: string, { correlationid, id }: CloudEvent): number {
    const sagas = this.failing.get(code) ?? new Set<string>();
    this.failing.set(code, sagas.add(correlationid ?? id));
    return sagas.size;
  }

  private enterOpen(error: ErrorRecord, waitMs: number): void {
    this.mode = { status: 'open' };
    this.cancelWait();
    this.renew(error);
    this.act((consumer) => consumer.pause());
    this.cancelWait = this.world.scheduler.after(waitMs, () => this.enterProbing(waitMs));
  }

  private enterProbing(waitMs: number): void {
    this.mode = { status: 'probing', waitMs };
    this.act((consumer) => consumer.resume(1));
    // A probe that finds the queue empty keeps listening; one that is never answered is asked for again.
    this.cancelWait = this.world.scheduler.after(this.options.probeMs, () => {
      this.cancelRenewal();
      this.enterProbing(waitMs);
    });
  }

  private enterClosed(): void {
    this.mode = { status: 'closed' };
    this.cancelTimers();
    this.failing.clear();
    this.act((consumer) => consumer.resume());
    this.listener.resumed();
  }

  private renew(error: ErrorRecord): void {
    this.cancelRenewal();
    this.listener.paused(this.world.clock.now() + this.options.pauseLeaseMs, error);
    this.cancelRenewal = this.world.scheduler.after(this.options.pauseLeaseMs / 3, () => this.renew(error));
  }

  /** A consumer that is not known yet is dealt with when it comes. */
  private act(doing: (consumer: Consumer) => Promise<void>): void {
    if (this.consumer === undefined) return;
    doing(this.consumer).catch((error: unknown) => this.listener.failed(error));
  }
}

/** For consumers whose failures are never an outage of somebody else. */
export const NO_OUTAGE: OutageWatch = {
  failed: () => undefined,
  succeeded: () => undefined,
  isOpen: () => false,
};
