import type { ProcessMark, Say } from '../server';

/** What a local server was started as. */
export interface Launched {
  readonly url: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly process: ProcessMark;
}

/** How one server is had on this machine without Docker. */
export interface LocalKind {
  /** How many free ports it needs. */
  readonly portCount: number;
  /** How long its first answer may take. */
  readonly startLimitMs: number;
  /** Makes sure its programs are there, installs them where that is possible, else throws what to do. */
  install(say: Say): Promise<void>;
  /** Starts it, detached, on loopback. The first port is the one of the URL. An existing folder is opened again. */
  launch(folder: string, ports: readonly number[]): Launched;
  /** Clears what the main process leaves running. Called after it has ended. */
  afterEnd?(ports: readonly number[]): Promise<void>;
}
