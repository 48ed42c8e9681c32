import { serverUrl } from '@aura/servers';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { privateBroker } from '../e2e/private-broker';
import type { PrivateBroker } from '../e2e/private-broker';
import { eventually } from '../lab/eventually';
import { Python } from '../strangers/python';
import { quickStarts, ROOT } from './quick-starts';
import type { QuickStart } from './quick-starts';

/** All of it together, as a new user would do it, on a busy machine. */
const WITHIN_MS = 600_000;
/** What a block that stays says when others may go on. */
const READY = /ready|listening/;

jest.setTimeout(WITHIN_MS);

/** A bash with a block of the README, in a clone. */
class Block {
  private readonly child: ChildProcess;
  private text = '';

  constructor(script: string, cwd: string, env: NodeJS.ProcessEnv) {
    // A group of its own, so that what stays can be ended with all that it has started.
    this.child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
  }

  get said(): string {
    return this.text;
  }

  async ended(): Promise<void> {
    const [code] = (await once(this.child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`ended with ${code}:\n${this.text}`);
  }

  async ready(): Promise<void> {
    await eventually('it says that it is ready', () => (READY.test(this.text) ? true : undefined), 90_000);
  }

  end(): void {
    if (this.child.pid === undefined || this.child.exitCode !== null) return;
    process.kill(-this.child.pid, 'SIGTERM');
  }
}

/** A free port with five free ones before it. */
async function freePorts(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => isFree(port - n)));
    if (free.every(Boolean)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen(port, '127.0.0.1');
  const isFree = await listening;
  if (isFree) await promisify(server.close.bind(server))();
  return isFree;
}

describe('the quick starts of the README', () => {
  const staying: Block[] = [];
  let home: string;
  let clone: string;
  let broker: PrivateBroker | undefined;
  let env: NodeJS.ProcessEnv;
  let ownServers: Readonly<Record<string, string>>;
  let port: number;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'aura-readme-'));
    clone = join(home, 'aura');
    execFileSync('git', ['clone', '--quiet', ROOT, clone]);
    // What `npm ci` would install; links, because it takes no time.
    const folders = execFileSync(
      'find',
      ['.', '-name', 'node_modules', '-prune', '-not', '-path', './.aura/*'],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    );
    for (const folder of folders.split('\n').filter(Boolean))
      execFileSync('cp', ['-al', join(ROOT, folder), join(clone, folder)]);
    // npm writes this list in place: through a link it would be the one of this repository.
    const list = 'node_modules/.package-lock.json';
    execFileSync('cp', ['--remove-destination', join(ROOT, list), join(clone, list)]);
    const python = await Python.ready();
    broker = await privateBroker();
    port = await freePorts();
    const plain = Object.entries(python.environment).filter(([name]) => !name.startsWith('AURA_'));
    env = {
      ...Object.fromEntries(plain),
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    };
    ownServers = {
      AURA_RABBITMQ_URL: broker.url,
      AURA_MONGODB_URL: serverUrl('mongodb'),
      AURA_REDIS_URL: serverUrl('redis'),
      AURA_PREFIX: `readme-${process.pid}`,
    };
  });

  afterAll(async () => {
    for (const block of staying) block.end();
    execFileSync('npx', ['--no-install', 'aura', 'down'], { cwd: clone, env, stdio: 'ignore' });
    await broker?.remove();
    rmSync(home, { recursive: true, force: true });
  });

  /** As it stands, but for the port: 8006 may be somebody's own. */
  function ported({ script }: QuickStart): string {
    return (
      script
        .replaceAll('aura up --servers', `aura up --servers --port ${port}`)
        .replace(/aura up$/m, `aura up --port ${port}`)
        // The script uploads its picture to where Aura is by default.
        .replace('python3 examples/python/start_saga.py', `AURA_URL=http://127.0.0.1:${port} $&`)
        .replaceAll('127.0.0.1:8006', `127.0.0.1:${port}`)
    );
  }

  it('do what they say, one after the other, in a clone', async () => {
    const said: string[] = [];
    let given: Readonly<Record<string, string>> = {};
    for (const start of quickStarts()) {
      // From here on there are servers, and these are the ones of the test.
      if (start.script.includes('servers:up')) given = ownServers;
      const block = new Block(ported(start), clone, { ...env, ...given });
      if (start.stays) {
        staying.push(block);
        await block.ready();
      } else await block.ended();
      said.push(block.said);
    }
    const [use, reserve, make, join_, first, workflow, servers, subscribe, python] = said;
    expect(use).toContain('"status":"completed"');
    expect(reserve).toContain('Everything adds up.');
    expect(make).toMatch(/# fail 0/);
    expect(join_).toMatch(/ready/);
    expect(first).toContain('Hello, Ada');
    expect(workflow).toMatch(/# fail 0/);
    expect(servers).toContain('recommendation-engine');
    expect([subscribe, python]).toHaveLength(2);
    await eventually('the subscriber has printed a recommendation', () =>
      /"for": "ada"/.test(staying.at(-1)?.said ?? '') ? true : undefined,
    );
  });
});
