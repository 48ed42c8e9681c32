/** How much a line of the log matters: `error` wants a person, `warn` somebody's eye, `info` is news, `debug` detail. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * What a line says beside its message: text, numbers, truth values, lists of them, and errors (under `error`). Never a
 * payload or a secret; a log leaves out every other object. A line about a saga names it by `correlationId`, and where
 * they are known `definition`, `step` and `traceId`.
 */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a process tells what happens in it. Never throws, never waits. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const nothing = (): void => undefined;

/** For those who want to hear nothing. */
export const NO_LOG: Log = Object.freeze({ debug: nothing, info: nothing, warn: nothing, error: nothing });
