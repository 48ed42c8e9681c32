import { chooseServer } from './choose-server';
import { isStarted, killServer, removeServer, startAgain, stopServer } from './control';
import { ServersError } from './errors';
import { withFolderLock } from './folder-lock';
import { checkHealth } from './health/check-health';
import { waitUntilHealthy } from './health/wait-until-healthy';
import { SERVER_NAMES, type Say, type ServerName, type ServerRecord } from './server';
import { readState, urlVariable, writeState } from './state-file';

/** How one server is, for a person. */
export interface ServerStatus {
  readonly name: ServerName;
  readonly state: 'not there' | 'healthy' | 'stopped' | 'not answering';
  readonly record: ServerRecord | undefined;
}

/**
 * Makes sure that all servers of a folder run and answer: what is there is kept, what has ended is started again with its data,
 * what is missing is chosen anew. Twice is as good as once.
 */
export async function serversUp(folder: string, say: Say): Promise<readonly ServerRecord[]> {
  return withFolderLock(folder, async () => {
    const outcomes = await Promise.allSettled(SERVER_NAMES.map((name) => bringUp(name, folder, say)));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    return SERVER_NAMES.flatMap((name) => readState(folder)[name] ?? []);
  });
}

/** Ends all servers of a folder and deletes their data. Given servers are forgotten, never touched. */
export async function serversDown(folder: string, say: Say): Promise<void> {
  await withFolderLock(folder, async () => {
    for (const record of Object.values(readState(folder))) {
      say(record.how === 'url' ? `${record.name}: leaving ${record.url} alone` : `${record.name}: ending`);
      await removeServer(record);
      remember(folder, record.name, undefined);
    }
  });
}

/** Asks every server of a folder how it is, by really connecting. */
export async function serversStatus(folder: string): Promise<readonly ServerStatus[]> {
  const state = readState(folder);
  return Promise.all(SERVER_NAMES.map((name) => statusOf(name, state[name])));
}

/** Starts one stopped server of a folder with its data and its ports, and waits until it is healthy. */
export async function startOne(folder: string, name: ServerName): Promise<ServerRecord> {
  return withFolderLock(folder, async () => {
    const record = await startAgain(recorded(folder, name));
    remember(folder, name, record);
    return record;
  });
}

/** Stops one server of a folder in an orderly way; it stays known, with its data. */
export async function stopOne(folder: string, name: ServerName): Promise<void> {
  await withFolderLock(folder, () => stopServer(recorded(folder, name)));
}

/** Kills one server of a folder; it stays known, with its data. */
export async function killOne(folder: string, name: ServerName): Promise<void> {
  await withFolderLock(folder, () => killServer(recorded(folder, name)));
}

async function bringUp(name: ServerName, folder: string, say: Say): Promise<void> {
  const known = await stillValid(readState(folder)[name]);
  const again = known === undefined ? undefined : await tryAgain(known, say);
  if (again !== undefined) return remember(folder, name, again);
  const record = await chooseServer(name, folder, say);
  // Ours is remembered before it is healthy: whatever happens now, it can be found and ended.
  if (record.how !== 'url') remember(folder, name, record);
  await waitUntilHealthy(record);
  remember(folder, name, record);
  say(`${name}: healthy at ${record.url}`);
}

/** A given server counts only while the environment still names it; a container that was removed is gone. */
async function stillValid(record: ServerRecord | undefined): Promise<ServerRecord | undefined> {
  if (record === undefined) return undefined;
  const wanted = process.env[urlVariable(record.name)];
  if (record.how === 'url') return wanted === record.url ? record : undefined;
  if (wanted === undefined || wanted === '' || wanted === record.url) return record;
  await removeServer(record);
  return undefined;
}

async function tryAgain(record: ServerRecord, say: Say): Promise<ServerRecord | undefined> {
  const running = await isStarted(record);
  if (!running) say(`${record.name}: had ended, starting it again`);
  try {
    const started = await startAgain(record);
    say(`${record.name}: healthy at ${record.url}`);
    return started;
  } catch (error) {
    if (record.how === 'url') throw error;
    say(`${record.name}: does not come back, taking a new one`);
    await removeServer(record);
    return undefined;
  }
}

async function statusOf(name: ServerName, record: ServerRecord | undefined): Promise<ServerStatus> {
  if (record === undefined) return { name, state: 'not there', record };
  if (!(await isStarted(record))) return { name, state: 'stopped', record };
  const healthy = await checkHealth(name, record.url).then(
    () => true,
    () => false,
  );
  return { name, state: healthy ? 'healthy' : 'not answering', record };
}

function recorded(folder: string, name: ServerName): ServerRecord {
  const record = readState(folder)[name];
  if (record !== undefined) return record;
  throw new ServersError(`There is no ${name} of ours in ${folder}.`, 'Run npm run servers:up first.');
}

function remember(folder: string, name: ServerName, record: ServerRecord | undefined): void {
  const others = Object.values(readState(folder)).filter((other) => other.name !== name);
  const all = record === undefined ? others : [...others, record];
  writeState(folder, Object.fromEntries(all.map((one) => [one.name, one])));
}
