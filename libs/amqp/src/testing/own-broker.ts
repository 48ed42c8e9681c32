import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SBIN = process.env['AURA_RABBITMQ_BIN'] ?? '/usr/lib/rabbitmq/bin';

/** A RabbitMQ node of the test's own, for everything that would disturb others on a shared one. Loopback only. */
export class OwnBroker {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #node: string;
  readonly port: number;
  #server: ChildProcess | undefined;

  private constructor(folder: string, port: number, distPort: number) {
    this.#folder = folder;
    this.port = port;
    this.#node = `aura-test-${port}@localhost`;
    this.#env = {
      ...process.env,
      HOME: folder,
      RABBITMQ_NODENAME: this.#node,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(distPort),
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      ERL_EPMD_ADDRESS: '127.0.0.1',
    };
  }

  /** Starts a fresh node; about 5 s. */
  static async start(): Promise<OwnBroker> {
    const folder = await mkdtemp(join(tmpdir(), 'aura-rabbitmq-'));
    const broker = new OwnBroker(folder, await freePort(), await freePort());
    await writeFile(join(folder, 'plugins'), '[].\n');
    await writeFile(
      join(folder, 'rabbitmq.conf'),
      'loopback_users.guest = true\nvm_memory_high_watermark.relative = 0.4\n',
    );
    await broker.up();
    return broker;
  }

  get url(): string {
    return `amqp://guest:guest@127.0.0.1:${this.port}`;
  }

  /** Starts the node on the data it has. */
  async up(): Promise<void> {
    const server = spawn(join(SBIN, 'rabbitmq-server'), [], {
      env: this.#env,
      stdio: 'ignore',
      detached: true,
    });
    this.#server = server;
    const died = new Promise<never>((_, reject) => {
      server.once('error', reject);
      server.once('exit', (code) =>
        reject(new Error(`rabbitmq-server ended with ${code}, see ${this.#folder}/log`)),
      );
    });
    died.catch(() => undefined);
    await Promise.race([died, this.#answers()]);
  }

  async #answers(): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (performance.now() < deadline) {
      const isUp = await this.ctl('await_startup', '--timeout', '30').then(
        () => true,
        () => false,
      );
      if (isUp) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error('the broker did not start within 60 s');
  }

  /** Runs rabbitmqctl against the node. */
  async ctl(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(join(SBIN, 'rabbitmqctl'), ['-q', '-n', this.#node, ...args], {
      env: this.#env,
    });
    return stdout;
  }

  /** Stops the node as kill -9 would: no goodbye to its clients. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server?.pid || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    // The launcher is a shell; its process group holds the Erlang node as well.
    process.kill(-server.pid, 'SIGKILL');
    await ended;
  }

  /** Ends the node and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** A port of the loopback that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
