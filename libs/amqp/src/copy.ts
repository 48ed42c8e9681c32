import type { Options } from 'amqplib';

/** One call of `publish`: settled when every copy that it asked for is. */
export class Call {
  readonly promise: Promise<void>;
  /** When it gives up, on the monotonic clock. */
  readonly deadline: number;
  #remaining = 0;
  #error: Error | undefined;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #isSettled = false;

  constructor(deadline: number) {
    this.deadline = deadline;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** One more copy belongs to the call. */
  expect(): void {
    this.#remaining += 1;
  }

  /** One copy is safe, or (with an error) never will be. The first error is the call's, told when nothing is under way. */
  done(error?: Error): void {
    this.#remaining -= 1;
    this.#error ??= error;
    if (this.#remaining <= 0) this.settle(this.#error);
  }

  /** Ends the call now. */
  settle(error?: Error): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    if (error) this.#reject(error);
    else this.#resolve();
  }
}

/** A retry queue: whose, and how long its pause is. */
export interface Rung {
  readonly queue: string;
  readonly rungMs: number;
}

/** One message on its way to the broker. */
export interface Copy {
  readonly exchange: string;
  readonly key: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
  /** Who waits for it; several for a batch. */
  readonly calls: readonly Call[];
  /** When it is for a retry queue: which. */
  readonly rung: Rung | undefined;
  /** The broker found no queue for it. */
  isReturned: boolean;
  /** How often it was refused or returned and written again. */
  refusals: number;
  /** When it was last written, on the monotonic clock. */
  sentAt: number;
}

/** A copy that was not written yet. */
export function newCopy(
  exchange: string,
  key: string,
  content: Buffer,
  more: { readonly options: Options.Publish; readonly calls: readonly Call[]; readonly rung?: Rung },
): Copy {
  const { options, calls, rung } = more;
  return { exchange, key, content, options, calls, rung, isReturned: false, refusals: 0, sentAt: 0 };
}

/** Whether nobody waits for a copy any more. */
export function isAbandoned({ calls }: Copy): boolean {
  return calls.every((call) => call.isSettled);
}

/** Tells everybody who waits for a copy what became of it. */
export function finish({ calls }: Copy, error?: Error): void {
  for (const call of calls) call.done(error);
}
