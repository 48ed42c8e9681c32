import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ServersError } from '../errors';
import { launchDetached } from '../processes';
import { installDebianPackage } from './debian-packages';
import { findProgram } from './find-program';
import type { LocalKind } from './local-kind';

const run = promisify(execFile);

// Debian's wrappers in PATH change the user; the scripts behind them run as whoever calls.
const SCRIPT_FOLDERS = ['/usr/lib/rabbitmq/bin'];

function serverScript(): string {
  const script = findProgram('rabbitmq-server', SCRIPT_FOLDERS);
  if (script === undefined) {
    throw new ServersError('rabbitmq-server is not installed.', 'Install it, or set AURA_RABBITMQ_URL.');
  }
  return script;
}

function configuration(port: string): string {
  const lines = {
    'listeners.tcp.default': `127.0.0.1:${port}`,
    'log.file': 'rabbitmq.log',
    'log.file.level': 'info',
    'disk_free_limit.absolute': '50MB',
    'raft.wal_max_size_bytes': '64000000', // the default of 512 MB stays in memory until it is full
  };
  return Object.entries(lines)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
}

/** What both the broker and `rabbitmqctl` must be told to meet each other and nobody else. */
function identity(folder: string, ports: readonly number[]): Readonly<Record<string, string>> {
  const [port, , epmdPort] = ports;
  return {
    HOME: folder,
    RABBITMQ_NODENAME: `aura${port}@localhost`,
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
  };
}

function brokerEnvironment(folder: string, ports: readonly number[]): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    ...identity(folder, ports),
    RABBITMQ_DIST_PORT: String(ports[1]),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_ALLOW_INPUT: '1', // the script then becomes the broker, so that its pid is the broker's
    RABBITMQ_SERVER_START_ARGS: '-noinput',
  };
}

function settings(folder: string, ports: readonly number[]): Readonly<Record<string, string>> {
  const { HOME = '', RABBITMQ_NODENAME = '', ERL_EPMD_PORT = '' } = identity(folder, ports);
  return {
    AURA_RABBITMQCTL: join(dirname(serverScript()), 'rabbitmqctl'),
    AURA_RABBITMQ_HOME: HOME,
    AURA_RABBITMQ_NODENAME: RABBITMQ_NODENAME,
    AURA_RABBITMQ_EPMD_PORT: ERL_EPMD_PORT,
  };
}

/** A single broker with a name, a cookie, a port mapper and folders of its own, and without plugins. */
export const localRabbitmq: LocalKind = {
  portCount: 3,
  startLimitMs: 60_000,

  async install(say) {
    if (findProgram('rabbitmq-server', SCRIPT_FOLDERS) === undefined) {
      await installDebianPackage('rabbitmq-server', say);
    }
  },

  launch(folder, ports) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'rabbitmq.conf'), configuration(String(ports[0])));
    writeFileSync(join(folder, 'enabled_plugins'), '[].\n');
    return {
      url: `amqp://guest:guest@127.0.0.1:${ports[0]}`,
      settings: settings(folder, ports),
      process: launchDetached({
        command: serverScript(),
        args: [],
        cwd: folder,
        env: brokerEnvironment(folder, ports),
        logFile: join(folder, 'console.log'),
      }),
    };
  },

  async afterEnd(ports) {
    const epmd = findProgram('epmd');
    if (epmd === undefined) return;
    // It refuses while a node is still registered and fails when it is gone already: both are fine.
    await run(epmd, ['-port', String(ports[2]), '-kill']).catch(() => undefined);
  },
};
