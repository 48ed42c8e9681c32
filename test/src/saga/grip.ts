import { StoreUnavailableError } from '@aura/kernel';
import type { Cancel, World } from '@aura/kernel';
import { UnroutableError } from '@aura/messaging';

/** A call that goes wrong: before it has an effect, or behind it, so that its outcome is unknown; or it is never answered. */
export interface Fault {
  /** Port and method, e.g. `journal.append`. */
  readonly call: string;
  readonly when: 'before' | 'behind' | 'never';
  /** How often; default once. */
  readonly times?: number;
  /** Default: the store is not available. */
  readonly error?: Error;
  /** Only calls with these arguments; default all. */
  readonly matches?: (args: readonly unknown[]) => boolean;
}

/** From here on a timer is a limit, and no rhythm of a coordinator under test. */
const LIMIT_MS = 1000;

/** A hold on one coordinator: makes its calls go wrong, or lets it die between any two of them. */
export class Grip {
  private isDead = false;
  private readonly timers = new Set<Cancel>();
  private readonly answers = new Map<string, unknown>();
  private faults: (Fault & { left: number })[] = [];
  /** Calls that went wrong so far. */
  hits = 0;
  private readonly counts = new Map<string, number>();

  /**
   * `haste` makes limits short, for a test that waits one out: timers of a second and more fire that many times sooner.
   */
  constructor(private readonly haste = 1) {}

  /** Timers that wait. */
  get waiting(): number {
    return this.timers.size;
  }

  /** How often something was called. */
  calls(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** Plans a fault. */
  fail(fault: Fault): void {
    this.faults.push({ ...fault, left: fault.times ?? 1 });
  }

  /** Lets the bus refuse messages for good, until it is healed. */
  refuse(matches: (args: readonly unknown[]) => boolean): void {
    const error = new UnroutableError('aura.events', 'k');
    this.fail({ call: 'bus.publish', when: 'before', times: 1_000_000, error, matches });
  }

  /** Lets calls answer this, until it is healed. */
  answer(call: string, value: unknown): void {
    this.answers.set(call, value);
  }

  /** Plans no more faults. */
  heal(): void {
    this.faults = [];
    this.answers.clear();
  }

  /** From now on nothing that it asked for comes back, and none of its timers fires. */
  die(): void {
    this.isDead = true;
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }

  /** A port as this coordinator has it: rows and what they say are apart, as on servers, so that each can go wrong by itself. */
  on<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, member): unknown => {
        if (member === 'telling') return undefined;
        const value: unknown = Reflect.get(target, member, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown =>
          this.call(`${name}.${String(member)}`, args, () => Reflect.apply(value, target, args) as unknown);
      },
    });
  }

  /** A world whose timers end with the coordinator. */
  world(world: World): World {
    const { clock, randomness, scheduler } = world;
    return {
      clock,
      randomness,
      scheduler: {
        after: (delayMs, task) => {
          const cancel = scheduler.after(delayMs < LIMIT_MS ? delayMs : delayMs / this.haste, () => {
            this.timers.delete(cancel);
            task();
          });
          this.timers.add(cancel);
          return () => {
            this.timers.delete(cancel);
            cancel();
          };
        },
      },
    };
  }

  private call(name: string, args: readonly unknown[], run: () => unknown): unknown {
    this.counts.set(name, this.calls(name) + 1);
    if (this.isDead) return new Promise(() => undefined);
    if (this.answers.has(name)) return this.answers.get(name);
    const fault = this.faults.find(
      ({ call, left, matches }) => call === name && left > 0 && (matches?.(args) ?? true),
    );
    if (fault === undefined) return run();
    fault.left -= 1;
    this.hits += 1;
    if (fault.when === 'never') return new Promise(() => undefined);
    const error = fault.error ?? new StoreUnavailableError(`${name} was made to fail`);
    if (fault.when === 'before') return Promise.reject(error);
    return Promise.resolve(run()).then(() => Promise.reject(error));
  }
}
