import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ServersError } from '../errors';
import { freePorts } from '../free-ports';
import { endProcess, isRunning, killProcess, launchDetached } from '../processes';
import type { ProcessMark } from '../server';
import { waitUntil } from '../wait-until';
import { installDebianPackage } from './debian-packages';
import { findProgram } from './find-program';

const run = promisify(execFile);
const START_LIMIT_MS = 30_000;
/** Where Debian keeps the programs of each version. */
const VERSIONS = '/usr/lib/postgresql';
/** The user that Debian's package makes. PostgreSQL refuses to run as root. */
const UNPRIVILEGED = 'postgres';

/** A PostgreSQL that one test has for itself: Aura needs none, an example of a service with its own database does. */
export interface OwnPostgres {
  /** Of a user who may do everything, without a password, on loopback. */
  readonly url: string;
  /** SIGKILL of the server; data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same URL and waits until it answers. */
  start(): Promise<void>;
  /** Ends it and deletes its data. */
  remove(): Promise<void>;
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Starts a PostgreSQL on a free port with data of its own, as an unprivileged user. Installs Debian's package where it is missing. */
export async function ownPostgres(): Promise<OwnPostgres> {
  if (programs() === undefined)
    await installDebianPackage('postgresql', (line) => process.stderr.write(`${line}\n`));
  const user = await unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'aura-postgres-'));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = ['--username=aura', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(program('initdb'), ['-D', data, ...options], { cwd: folder, ...user });
  const [port = 0] = await freePorts(1);
  const start = (): Promise<ProcessMark> => started({ folder, data, port, ...(user && { user }) });
  let server = await start();
  return {
    url: `postgres://aura@127.0.0.1:${port}/postgres`,
    kill: () => killProcess(server),
    start: async () => {
      server = await start();
    },
    remove: async () => {
      await endProcess(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Place {
  readonly folder: string;
  readonly data: string;
  readonly port: number;
  readonly user?: User;
}

/** What a killed server leaves running keeps the data for a moment, and a new one ends at once: it is started again. */
async function started(place: Place): Promise<ProcessMark> {
  let mark = launched(place);
  const asks = ['-h', '127.0.0.1', '-p', String(place.port), '-U', 'aura', '-d', 'postgres'];
  await waitUntil(() => {
    if (!isRunning(mark)) mark = launched(place);
    return run(program('pg_isready'), asks);
  }, START_LIMIT_MS);
  return mark;
}

function launched({ folder, data, port, user }: Place): ProcessMark {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
  return launchDetached({
    command: program('postgres'),
    args: ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    cwd: folder,
    env: { PATH: process.env['PATH'], LANG: 'C' },
    logFile: join(folder, 'postgres.log'),
    ...(user && { user }),
  });
}

/** The folder of the newest version's programs; empty where they are on the path; undefined where there are none. */
function programs(): string | undefined {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a)) : [];
  const folder = versions
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  return folder ?? (findProgram('initdb') === undefined ? undefined : '');
}

function program(name: string): string {
  const folder = programs();
  const found = findProgram(name, folder === undefined || folder === '' ? [] : [folder]);
  if (found !== undefined) return found;
  throw new ServersError(`PostgreSQL's ${name} is not installed.`, 'Install the Debian package postgresql.');
}

/** Undefined: whoever calls is unprivileged already. */
async function unprivileged(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (what) => Number((await run('id', [what, UNPRIVILEGED])).stdout)),
  );
  if (uid === undefined || gid === undefined)
    throw new ServersError(`There is no user ${UNPRIVILEGED}.`, 'Make one.');
  return { uid, gid };
}
