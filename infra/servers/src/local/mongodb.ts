import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, ROOT } from '../layout';
import { launchDetached } from '../processes';
import { findProgram } from './find-program';
import type { LocalKind } from './local-kind';
import { runVisibly } from './run-visibly';

const INSTALL_SCRIPT = join(ROOT, 'infra/servers/install-secantus.sh');

function secantus(): string {
  return join(cacheFolder(), 'secantus', 'bin', 'secantusd-rs');
}

function commandLine(folder: string, port: string): readonly [command: string, ...args: string[]] {
  const mongod = findProgram('mongod');
  if (mongod !== undefined) return [mongod, '--bind_ip', '127.0.0.1', '--port', port, '--dbpath', folder];
  const where = ['--host', '127.0.0.1', '--port', port, '--storage-path', join(folder, 'data')];
  // Without --sync-on-commit acknowledged writes are lost when the server is killed.
  return [
    secantus(),
    ...where,
    '--standalone',
    '--sync-on-commit',
    '--cache-size',
    '512M',
    '--log-level',
    'WARNING',
  ];
}

/** `mongod` where it is installed, else SecantusDB, built once into the cache. Both synced, both standalone. */
export const localMongodb: LocalKind = {
  portCount: 1,
  startLimitMs: 30_000,

  async install(say) {
    if (findProgram('mongod') !== undefined || existsSync(secantus())) return;
    say(`no mongod here: building SecantusDB into ${cacheFolder()}, once, which takes some minutes`);
    await runVisibly('sh', [INSTALL_SCRIPT, cacheFolder()]);
  },

  launch(folder, ports) {
    mkdirSync(folder, { recursive: true });
    const port = String(ports[0]);
    const [command, ...args] = commandLine(folder, port);
    const env = { ...process.env, HOME: folder }; // so that nobody's own configuration is picked up
    return {
      url: `mongodb://127.0.0.1:${port}/?directConnection=true`,
      settings: {},
      process: launchDetached({ command, args, cwd: folder, env, logFile: join(folder, 'mongodb.log') }),
    };
  },
};
