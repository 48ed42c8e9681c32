/** Options of every error of Aura. */
export interface AuraErrorOptions {
  readonly code: string;
  /** What the reader can do about it, one sentence. */
  readonly help: string;
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Base of all errors that Aura throws on purpose: a code, what happened with the values, and what to do. */
export class AuraError extends Error {
  readonly code: string;
  readonly help: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, options: AuraErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.help = options.help;
    this.details = options.details ?? {};
  }
}

/** A business refusal: final, never retried; the step fails at once with this code. */
export class BusinessError extends AuraError {}

/** Whatever went wrong will go wrong again: no retry, straight to the dead letters. */
export class TerminalError extends AuraError {}

/** A store or broker did not answer, or its answer is unknown. Repeat the same call. */
export class StoreUnavailableError extends AuraError {
  constructor(message: string, cause?: unknown) {
    super(message, {
      code: 'STORE_UNAVAILABLE',
      help: 'Check that the store runs and is reachable; the call may be repeated.',
      cause,
    });
  }
}

/** A store, broker or setting is not what Aura relies on; said at start-up. */
export class UnsafeSetupError extends AuraError {
  constructor(message: string, help: string, cause?: unknown) {
    super(message, { code: 'UNSAFE_SETUP', help, cause });
  }
}

/** A payload is over a bound. */
export class PayloadTooLargeError extends AuraError {
  constructor(what: string, bytes: number, limit: number) {
    super(`${what} has ${bytes} bytes; at most ${limit} are allowed`, {
      code: 'PAYLOAD_TOO_LARGE',
      help: 'Send less, or pass the content by reference (claim check).',
      details: { bytes, limit },
    });
  }
}

/** Whether a value is an error of Aura. */
export function isAuraError(error: unknown): error is AuraError {
  return error instanceof AuraError;
}
