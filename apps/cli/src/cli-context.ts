import type { GlobalOptions } from './aura/global-options';
import type { Terminal } from './terminal';

/** What every command gets beside its own arguments. */
export interface CliContext {
  readonly options: GlobalOptions;
  readonly terminal: Terminal;
  /** Aborts with an {@link Interruption} when the person or the system wants the command to end. */
  readonly signal: AbortSignal;
}
