import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { startOwn } from '../aura/embedded';
import { localClient } from '../aura/find-running';
import { logsOf, runFileOf } from '../aura/global-options';
import { removeRunFile, writeRunFile, type RunRecord } from '../aura/run-file';
import type { CliContext } from '../cli-context';
import { DEFAULT_PORT } from '../commands/start';
import { ExitCode } from '../exit-code';
import { version } from '../../package.json';

const HEARTBEAT_MS = 2000;
const LOOK_EVERY_MS = 200;
/** The workflow that is there when everything is. */
const WORKFLOW = 'complete_fashion_analysis';

/** An embedded Aura in this process, until it is told to stop. */
export async function upEmbedded({ options, terminal, signal }: CliContext): Promise<ExitCode> {
  const { data } = options;
  const own = await startOwn(
    { data },
    {
      port: options.port ?? DEFAULT_PORT,
      log: terminal.err,
      logLevel: 'info',
    },
  );
  try {
    terminal.out(`Aura is up at ${own.url}`);
    if (!signal.aborted && own.isOwn) await once(signal, 'abort');
    return ExitCode.OK;
  } finally {
    await own.stop();
  }
}

/** One process a service on servers, kept alive by this one, until it is told to stop. */
export async function upOnServers({ options, terminal, signal }: CliContext): Promise<ExitCode> {
  const { everySagaTraced, servicePrograms, Supervisor, withStoredServers } =
    await import('@aura/host/processes');
  const runFile = runFileOf(options.data);
  const announcement = new Announcement(runFile, logsOf(options));
  const supervisor = new Supervisor({
    programs: servicePrograms(),
    env: everySagaTraced(withStoredServers(process.env)),
    port: options.port ?? DEFAULT_PORT,
    logs: logsOf(options),
    changed: (states) => announcement.say({ processes: states.map((state) => ({ ...state })) }),
  });
  try {
    await Promise.race([supervisor.start(), untilAborted(signal)]);
    if (!signal.aborted) {
      const url = supervisor.states().at(-1)?.url ?? '';
      await untilActive(url, signal);
      announcement.say({ isReady: true });
      terminal.out(`Aura is up at ${url}`);
      await untilAborted(signal);
    }
    return ExitCode.OK;
  } finally {
    await supervisor.stop();
    announcement.end();
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

async function untilActive(url: string, signal: AbortSignal): Promise<void> {
  const client = localClient(url);
  while (!signal.aborted) {
    // A coordinator that dies in its first seconds is started again by the supervisor.
    const all = await client.definitions().catch(() => []);
    if (all.some(({ id, status }) => id === WORKFLOW && status === 'active')) return;
    await delay(LOOK_EVERY_MS);
  }
}

/** Keeps the run file as things are, and fresh. */
class Announcement {
  private record: RunRecord;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly runFile: string,
    logs: string,
  ) {
    this.record = { pid: process.pid, ground: 'servers', version, logs, isReady: false };
    this.heartbeat = setInterval(() => this.say({}), HEARTBEAT_MS);
    this.say({});
  }

  say(news: Pick<RunRecord, 'processes' | 'isReady'>): void {
    const url = news.processes?.find(({ name }) => name === 'coordinator')?.url;
    this.record = { ...this.record, ...news, seenAt: Date.now(), ...(url === undefined ? {} : { url }) };
    writeRunFile(this.runFile, this.record);
  }

  end(): void {
    clearInterval(this.heartbeat);
    removeRunFile(this.runFile, process.pid);
  }
}
