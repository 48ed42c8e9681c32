import {
  connect,
  readyAnswer,
  type HealthAnswer,
  type ParticipantList,
  type ReadyAnswer,
} from '@aura/client';
import { ownToken } from '../aura/find-running';
import type { RunRecord } from '../aura/run-file';

/** How long a process may take to say how it is, ms. */
const ANSWER_MS = 2000;

/** A process as it is seen from here. */
export interface SeenProcess {
  readonly name: string;
  readonly status: string;
  readonly pid?: number;
  readonly url?: string;
  readonly restarts: number;
  readonly lastEnd?: string;
  readonly version?: string;
  readonly isReady: boolean;
  /** What it lacks, when it is not ready. */
  readonly lacks: readonly string[];
}

/** An Aura as it is seen from here. `down`: its process lives and nobody answers. */
export interface SeenAura {
  readonly status: 'up' | 'degraded' | 'down';
  readonly pid: number;
  readonly url?: string;
  readonly ground: 'embedded' | 'servers';
  readonly version?: string;
  readonly health?: HealthAnswer;
  readonly participants?: ParticipantList;
  readonly processes: readonly SeenProcess[];
}

/** Asks an Aura and each of its processes how they are, at once and within a time limit. */
export async function observe(record: RunRecord, isKept: boolean): Promise<SeenAura> {
  const { pid, url, version, ground = 'embedded' } = record;
  const [answers, processes] = await Promise.all([asked(url), Promise.all(listed(record).map(seen))]);
  const known = { url, ...answers, version: answers.health?.version ?? version };
  return { status: statusOf(answers.health, processes, isKept), pid, ground, ...present(known), processes };
}

/** Kept: who keeps the processes lives, so that they will be back. */
function statusOf(
  health: HealthAnswer | undefined,
  processes: readonly SeenProcess[],
  isKept: boolean,
): SeenAura['status'] {
  if (health === undefined) return isKept ? 'degraded' : 'down';
  return health.status === 'ok' && processes.every(({ isReady }) => isReady) ? 'up' : 'degraded';
}

async function asked(url: string | undefined): Promise<{
  readonly health?: HealthAnswer | undefined;
  readonly participants?: ParticipantList | undefined;
}> {
  if (url === undefined) return {};
  const client = connect({ url, retries: 1, timeoutMs: ANSWER_MS, ...ownToken() });
  const [health, participants] = await Promise.all([
    client.health().catch(() => undefined),
    client.participants().catch(() => undefined),
  ]);
  return { health, participants };
}

/** One process is all, where a record tells of none. */
function listed({ processes, pid, url }: RunRecord): readonly Listed[] {
  return processes ?? [{ name: 'aura', status: 'up', pid, restarts: 0, url }];
}

/** An object without the members that are undefined. */
function present<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

type Listed = Omit<SeenProcess, 'version' | 'isReady' | 'lacks' | 'pid' | 'url' | 'lastEnd'> & {
  readonly pid?: number | undefined;
  readonly url?: string | undefined;
  readonly lastEnd?: string | undefined;
};

async function seen({ name, status, restarts, pid, url, lastEnd }: Listed): Promise<SeenProcess> {
  const known = { name, status, restarts, ...present({ pid, url, lastEnd }) };
  if (url === undefined || status !== 'up') return { ...known, isReady: false, lacks: [] };
  const answer = await readiness(url);
  if (answer === undefined) return { ...known, isReady: false, lacks: ['nobody answers at its port'] };
  const lacks = answer.dependencies.flatMap(({ name: one, reason }) =>
    reason === undefined ? [] : [`${one}: ${reason}`],
  );
  return { ...known, version: answer.version, isReady: answer.status === 'ready', lacks };
}

async function readiness(url: string): Promise<ReadyAnswer | undefined> {
  try {
    // Not by the client: 503 is an answer here, too.
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return readyAnswer.safeParse(await answer.json()).data;
  } catch {
    return undefined;
  }
}
