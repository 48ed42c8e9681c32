/** An event that must not be sent: an attribute breaks its rule, or the data cannot travel that way. Never retried. */
export class InvalidEventError extends Error {
  readonly code = 'INVALID_EVENT';
  /** What the sender can do about it. */
  readonly help: string;

  constructor(message: string, help: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'InvalidEventError';
    this.help = help;
  }
}
