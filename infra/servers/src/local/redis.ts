import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchDetached } from '../processes';
import { installDebianPackage } from './debian-packages';
import { findProgram } from './find-program';
import type { LocalKind } from './local-kind';

/** A Redis that keeps nothing on disk and evicts nothing. */
export const localRedis: LocalKind = {
  portCount: 1,
  startLimitMs: 15_000,

  async install(say) {
    if (findProgram('redis-server') === undefined) await installDebianPackage('redis-server', say);
  },

  launch(folder, [port]) {
    mkdirSync(folder, { recursive: true });
    const options = {
      port,
      bind: '127.0.0.1',
      dir: folder,
      save: '',
      appendonly: 'no',
      'maxmemory-policy': 'noeviction',
    };
    return {
      url: `redis://127.0.0.1:${port}/0`,
      settings: {},
      process: launchDetached({
        command: findProgram('redis-server') ?? 'redis-server',
        args: Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)]),
        cwd: folder,
        env: process.env,
        logFile: join(folder, 'redis.log'),
      }),
    };
  },
};
