import { connect } from '@aura/client';
import type { AuraClient } from '@aura/client';
import { join, resolve } from 'node:path';
import { Spawned } from '../e2e/spawned';
import type { Ending } from '../e2e/spawned';

const HOST = resolve(__dirname, '../../dist/faults/faults-host-process.js');
const READY = 'faults ready at ';

/** The one process of an embedded Aura, on a folder: killed and started again, on the same port. */
export class EmbeddedHost {
  private process: Spawned | undefined;
  private port = '0';
  private at = '';

  constructor(private readonly folder: string) {}

  /** Where its data lie. */
  get file(): string {
    return join(this.folder, 'aura.db');
  }

  get url(): string {
    return this.at;
  }

  get pid(): number {
    return this.running().pid;
  }

  /** A client that is patient enough for a restart. */
  client(): AuraClient {
    return connect({ url: this.at, retries: 3 });
  }

  /** Starts the process and waits until it is ready. */
  async start(): Promise<void> {
    this.process = new Spawned({ name: 'host', args: [HOST, this.folder, this.port], ready: READY });
    this.at = (await this.process.ready()).slice(READY.length);
    this.port = new URL(this.at).port;
  }

  /** SIGKILL. Errors: says how it had ended by itself before. */
  async kill(): Promise<void> {
    const running = this.running();
    await running.kill();
    this.process = undefined;
  }

  /** SIGTERM. */
  async stop(): Promise<Ending> {
    const ending = await this.running().stop();
    this.process = undefined;
    return ending;
  }

  /** Kills what is left, whatever became of it. */
  async close(): Promise<void> {
    await this.process?.kill();
  }

  private running(): Spawned {
    if (this.process?.isLive === true) return this.process;
    throw new Error(`the host does not run: ${this.process?.told() ?? 'it was not started'}`);
  }
}
