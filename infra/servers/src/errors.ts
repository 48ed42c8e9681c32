/** A server could not be had, started or reached. `help` says what to do about it. */
export class ServersError extends Error {
  override readonly name = 'ServersError';

  constructor(
    message: string,
    readonly help: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
