/** The servers that Aura runs on, in the order in which they are started. */
export const SERVER_NAMES = ['rabbitmq', 'mongodb', 'redis'] as const;

/** One of {@link SERVER_NAMES}. */
export type ServerName = (typeof SERVER_NAMES)[number];

/** True for a text that names a server. */
export function isServerName(text: string): text is ServerName {
  return SERVER_NAMES.some((name) => name === text);
}

/** A process of ours. The start time tells it from a stranger that got the same pid later. */
export interface ProcessMark {
  readonly pid: number;
  /** What the operating system says of its start; opaque, only compared. */
  readonly started: string;
}

interface AnyServer {
  readonly name: ServerName;
  readonly url: string;
  /** More environment variables for whoever uses the server, without the URL. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Somebody else's server, named by its URL in the environment. It is never started, ended or emptied from here. */
export interface GivenServer extends AnyServer {
  readonly how: 'url';
}

/** A container of ours. */
export interface DockerServer extends AnyServer {
  readonly how: 'docker';
  readonly containerId: string;
}

/** A process of ours with its own data folder. */
export interface LocalServer extends AnyServer {
  readonly how: 'local';
  readonly folder: string;
  /** Loopback ports, the one of the URL first. They stay the same when the server is started again. */
  readonly ports: readonly number[];
  readonly process: ProcessMark;
}

/** One server as the state file knows it. */
export type ServerRecord = GivenServer | DockerServer | LocalServer;

/** Where progress goes, one line at a time. */
export type Say = (line: string) => void;
