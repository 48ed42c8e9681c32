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
  readonly #epmdPort: string;
  readonly port: number;
  #server: ChildProcess | undefined;

  private constructor(folder: string, [port, distPort, epmdPort]: readonly [number, number, number]) {
    this.#folder = folder;
    this.port = port;
    this.#node = `aura-test-${port}@localhost`;
    this.#epmdPort = String(epmdPort);
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
      // With it the script becomes the broker, so that its pid is the broker's.
      RABBITMQ_ALLOW_INPUT: '1',
      RABBITMQ_SERVER_START_ARGS: '-noinput',
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: this.#epmdPort,
    };
  }

  /** Starts a fresh node; about 5 s. */
  static async start(): Promise<OwnBroker> {
    const folder = await mkdtemp(join(tmpdir(), 'aura-rabbitmq-'));
    const broker = new OwnBroker(folder, [await freePort(), await freePort(), await freePort()]);
    await writeFile(join(folder, 'plugins'), '[].\n');
    // The log of quorum queues would take 512 MB before it is written out.
    await writeFile(join(folder, 'rabbitmq.conf'), 'raft.wal_max_size_bytes = 64000000\n');
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

  /** Sets values of the broker's own environment (ms, bytes) for what is opened from now on; answers how to restore them. */
  async setEnv(values: Readonly<Record<string, number>>): Promise<() => Promise<void>> {
    const names = Object.keys(values);
    const set = names.map(
      (name) => `{application:get_env(rabbit,${name}),application:set_env(rabbit,${name},${values[name]})}`,
    );
    const before = await this.ctl('eval', `[{B} || {B,ok} <- [${set.join(',')}]].`);
    const olds = [...before.matchAll(/\{ok,(\w+)\}|undefined/g)].map(([, value]) => value);
    return async () => {
      const restored = names.map((name, i) =>
        olds[i] === undefined
          ? `application:unset_env(rabbit,${name})`
          : `application:set_env(rabbit,${name},${olds[i]})`,
      );
      await this.ctl('eval', `${restored.join(',')}.`);
    };
  }

  /** Lets a queue of the default virtual host answer nothing; answers how to have it served again. */
  async suspend(queue: string): Promise<() => Promise<void>> {
    const process = `{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"${queue}">>)), P = amqqueue:get_pid(Q)`;
    await this.ctl('eval', `${process}, sys:suspend(P).`);
    return async () => void (await this.ctl('eval', `${process}, sys:resume(P).`));
  }

  /**
   * Has the node write down what it keeps in memory about new quorum queues. RabbitMQ 3.10 does so every three minutes
   * only: killed before, it comes back with such a queue and never gives it a leader.
   */
  async settle(): Promise<void> {
    await this.ctl('eval', '[dets:sync(Table) || Table <- dets:all()].');
  }

  /** Stops the node as kill -9 would: no goodbye to its clients. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server?.pid || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
  }

  /** Ends the node and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    // The node's own port mapper; it refuses while it still holds the name of a node that died just now.
    await run('epmd', ['-port', this.#epmdPort, '-kill'], { env: this.#env }).catch(() => undefined);
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
