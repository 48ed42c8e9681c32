import type { JsonValue, ProblemDetails, SagaDetail } from '@aura/contracts';

/** Base of all errors of the client: `code` for programs, `help` for people. */
export abstract class AuraClientError extends Error {
  abstract readonly code: string;
  abstract readonly help: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Aura answered with an error; `problem` is what it said (RFC 9457). */
export class AuraProblemError extends AuraClientError {
  readonly code: string;
  readonly help: string;

  constructor(
    readonly problem: ProblemDetails,
    /** How long Aura asks to wait before trying again, milliseconds; absent when it did not ask. */
    readonly retryAfterMs?: number,
  ) {
    super(problem.detail);
    this.code = problem.code;
    this.help = problem.help ?? 'Look up the code of the problem.';
  }

  /** HTTP status. */
  get status(): number {
    return this.problem.status;
  }
}

/** Nobody answered, or the answer broke off: whether the request took effect is unknown. */
export class AuraUnreachableError extends AuraClientError {
  readonly code = 'UNREACHABLE';
  readonly help = 'Check that Aura runs there and that the network lets you through.';

  constructor(
    readonly url: string,
    reason: string,
    cause?: unknown,
  ) {
    super(`Aura at ${url} cannot be reached: ${reason}`, cause === undefined ? undefined : { cause });
  }
}

/** Something answered that does not speak as Aura does. */
export class UnexpectedAnswerError extends AuraClientError {
  readonly code = 'UNEXPECTED_ANSWER';
  readonly help = 'Check that the URL is that of an Aura, and that client and Aura are of the same version.';

  constructor(url: string, reason: string, cause?: unknown) {
    super(`the answer of ${url} is not one of Aura: ${reason}`, cause === undefined ? undefined : { cause });
  }
}

/**
 * A saga will not complete: it failed, was undone or cancelled, or a person must look because undoing it failed.
 * `saga` is how it stands.
 */
export class SagaNotCompletedError extends AuraClientError {
  readonly code = 'SAGA_NOT_COMPLETED';
  readonly help = 'Ask why the saga stands where it stands; its steps carry their errors.';

  constructor(readonly saga: SagaDetail) {
    const step = saga.failedStep === undefined ? '' : ` at step ${saga.failedStep}`;
    super(`saga ${saga.sagaId} of ${saga.workflow} is ${saga.status}${step}: ${reasonOf(saga)}`);
  }

  get status(): SagaDetail['status'] {
    return this.saga.status;
  }

  /** Why, in one sentence. */
  get reason(): string {
    return reasonOf(this.saga);
  }

  /** What there is of results: outputs of the steps that completed or were continued, by step id. */
  get results(): Readonly<Record<string, JsonValue>> {
    return Object.fromEntries(
      this.saga.steps.flatMap(({ id, output }) => (output === undefined ? [] : [[id, output]])),
    );
  }
}

function reasonOf({ error, cancelled }: SagaDetail): string {
  if (cancelled !== undefined) return `${cancelled.reason} (cancelled by ${cancelled.by})`;
  return error === undefined ? 'no reason is known' : `${error.message} (${error.code})`;
}

/** A picture is larger than any that Aura takes; it was not sent. */
export class ImageTooLargeError extends AuraClientError {
  readonly code = 'IMAGE_TOO_LARGE';
  readonly help = 'Make the picture smaller; 2000 pixels a side are plenty.';

  constructor(readonly mostBytes: number) {
    super(`the picture has more than ${mostBytes} bytes`);
  }
}

/** Whether a value is an error of this client. */
export function isAuraClientError(error: unknown): error is AuraClientError {
  return error instanceof AuraClientError;
}
