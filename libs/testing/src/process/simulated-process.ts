import { StoreUnavailableError } from '@aura/kernel';
import type { Cancel, World } from '@aura/kernel';
import type { Effect, Fault, FaultKind, Faults } from '../faults/fault';
import type { Chance } from '../time/chance';
import type { Timeline } from '../time/timeline';

/** Wall clock at the beginning of a timeline: a readable instant. */
export const BEGINNING = Date.UTC(2030, 0, 1);

/** What a process lives in. */
export interface Surroundings {
  readonly timeline: Timeline;
  readonly chance: Chance;
  /** What goes wrong; may be changed while everything runs. */
  faults: Faults;
  /** Told of every effect and fault. */
  readonly trace: ((line: string) => void) | undefined;
}

/** What an effect does. `part`: which of its items really happen, by the bits of a mask; absent: all. */
export type Perform<T> = (part?: number) => T;

/** Told of what becomes of a process. */
export interface ProcessListener {
  /** It died; `backInMs`: when its successor may start. */
  crashed(backInMs: number): void;
  paused(): void;
  resumed(): void;
}

/** An answer that never comes: its process is dead. One of its own for everyone who waits, or all who ever did would be kept. */
const never = (): Promise<never> => new Promise<never>(() => undefined);
/** What was never asked for. */
const NEVER_DONE: Promise<never> = Promise.reject(new StoreUnavailableError('nothing was done'));
NEVER_DONE.catch(() => undefined);

const LATE: ReadonlySet<FaultKind> = new Set(['late', 'answerLate']);
const DONE: ReadonlySet<FaultKind> = new Set(['crashAfter', 'twice']);
/** Whatever became of it, the caller is told that nobody answered. */
const UNTOLD: ReadonlySet<FaultKind> = new Set(['refused', 'answerLost', 'partly']);

/**
 * One life of one process. Everything it asks of stores and bus goes through {@link call}, everything it waits for
 * through its {@link world}.
 *
 * - `running`: the beginning. Left by a crash or a pause.
 * - `paused`: neither timers nor answers reach it; entered and left without its knowing. Left by waking up or a crash.
 * - `dead`: nothing of it goes on; whatever it still asks is never answered.
 */
export class SimulatedProcess {
  /** How far its wall clock is off, ms. */
  skew = 0;
  readonly world: World;
  #mode: 'running' | 'paused' | 'dead' = 'running';
  #held: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly around: Surroundings,
    private readonly listener: ProcessListener,
  ) {
    const { timeline, chance } = around;
    this.world = {
      clock: {
        now: () => BEGINNING + timeline.elapsed + this.skew,
        monotonic: () => timeline.elapsed,
      },
      scheduler: { after: (delayMs, task) => this.#after(delayMs, task) },
      randomness: { bytes: (length) => chance.bytes(length), fraction: () => chance.fraction() },
    };
  }

  get isDead(): boolean {
    return this.#mode === 'dead';
  }

  get isPaused(): boolean {
    return this.#mode === 'paused';
  }

  /** Performs an effect for the process and brings it the answer, unless something goes wrong. */
  call<T>(effect: Effect, subject: string, perform: Perform<T>): Promise<T> {
    if (this.#mode === 'dead') return never();
    const { faults, trace } = this.around;
    const fault = faults.at(this.name, effect, subject);
    if (trace !== undefined) this.#tell(effect, subject, fault);
    if (fault !== undefined) return this.#faulty(fault, perform, `${effect} ${subject}`);
    return this.#mode === 'running' ? attempt(perform) : this.#whenAwake(attempt(perform));
  }

  /** An effect without an answer. `lost`: what happens when it does not get there. */
  cast(effect: Effect, subject: string, perform: () => void, lost: () => void): void {
    if (this.#mode === 'dead') return;
    const fault = this.around.faults.at(this.name, effect, subject);
    if (this.around.trace !== undefined) this.#tell(effect, subject, fault);
    if (fault === undefined) perform();
    else this.#castFaulty(fault, perform, lost);
  }

  /** Hands something to the process from outside: at once, when it wakes up, or never. */
  deliver(task: () => void): void {
    if (this.#mode === 'running') task();
    else if (this.#mode === 'paused') this.#held.push(task);
  }

  /** Dies at once. `backInMs`: when its successor may start. */
  crash(backInMs: number): void {
    if (this.#mode === 'dead') return;
    this.around.trace?.(`${this.name} dies`);
    this.#mode = 'dead';
    this.#held = [];
    this.listener.crashed(backInMs);
  }

  /** Stands still for `ms` milliseconds. */
  pause(ms: number): void {
    if (this.#mode !== 'running') return;
    this.around.trace?.(`${this.name} stands still for ${ms} ms`);
    this.#mode = 'paused';
    this.listener.paused();
    this.around.timeline.after(ms, () => this.#wake());
  }

  #wake(): void {
    if (this.#mode !== 'paused') return;
    this.around.trace?.(`${this.name} wakes up`);
    this.#mode = 'running';
    const held = this.#held;
    this.#held = [];
    this.listener.resumed();
    for (const task of held) this.deliver(task);
  }

  #after(delayMs: number, task: () => void): Cancel {
    let isCancelled = false;
    const cancel = this.around.timeline.after(delayMs, () =>
      this.deliver(() => {
        if (!isCancelled) task();
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  #castFaulty({ kind, ms }: Fault, perform: () => void, lost: () => void): void {
    if (LATE.has(kind)) this.around.timeline.after(ms, perform);
    else if (DONE.has(kind)) perform();
    else lost();
    this.#strike(kind, ms);
  }

  #faulty<T>(fault: Fault, perform: Perform<T>, what: string): Promise<T> {
    const answer = this.#answer(fault, perform);
    if (!UNTOLD.has(fault.kind)) {
      this.#strike(fault.kind, fault.ms);
      return this.#mode === 'running' ? answer : this.#whenAwake(answer);
    }
    const away = (): never => {
      throw new StoreUnavailableError(`${what} got no answer`);
    };
    return answer.then(away, away);
  }

  /** What becomes of the effect itself, and when its answer is there. */
  #answer<T>({ kind, mask, ms }: Fault, perform: Perform<T>): Promise<T> {
    switch (kind) {
      case 'crashBefore':
      case 'refused':
        return NEVER_DONE;
      case 'partly':
        return attempt(() => perform(mask));
      case 'twice':
        return attempt(perform).then(() => attempt(perform));
      case 'late':
        return this.#in(ms, () => attempt(perform));
      case 'answerLate': {
        const answer = attempt(perform);
        answer.catch(() => undefined);
        return this.#in(ms, () => answer);
      }
      default:
        return attempt(perform);
    }
  }

  /** What becomes of the process. */
  #strike(kind: FaultKind, ms: number): void {
    if (kind === 'crashBefore' || kind === 'crashAfter') this.crash(ms);
    if (kind === 'pause') this.pause(ms);
  }

  /** What happens in a while happens whether the process lives or not; the answer reaches it only if it does. */
  #in<T>(ms: number, doing: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.around.timeline.after(ms, () => {
        doing().then(
          (value) => this.deliver(() => resolve(value)),
          (error: Error) => this.deliver(() => reject(error)),
        );
      });
    });
  }

  /** Never, when the process is dead. */
  #whenAwake<T>(answer: Promise<T>): Promise<T> {
    answer.catch(() => undefined);
    return new Promise<T>((resolve) => this.deliver(() => resolve(answer)));
  }

  #tell(effect: Effect, subject: string, fault: Fault | undefined): void {
    const went = fault === undefined ? '' : ` !${fault.kind}${fault.ms > 0 ? ` ${fault.ms} ms` : ''}`;
    this.around.trace?.(`${this.name} ${effect} ${subject}${went}`);
  }
}

function attempt<T>(perform: Perform<T>): Promise<T> {
  try {
    return Promise.resolve(perform());
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new TypeError(String(error)));
  }
}
