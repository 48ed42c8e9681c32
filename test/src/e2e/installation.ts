import { connect } from '@aura/client';
import type { AuraClient } from '@aura/client';
import { openServerRuntime, serverEnvironment } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { serverUrl } from '@aura/servers';
import { MongoClient } from 'mongodb';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../lab/eventually';
import { closeAll } from './close-all';
import { privateBroker } from './private-broker';
import type { PrivateBroker } from './private-broker';
import { Spawned } from './spawned';
import type { Ending } from './spawned';

const ROOT = resolve(__dirname, '../../..');
/** What `npm run build` makes of this folder. */
export const BUILT = join(ROOT, 'test/dist/e2e');

/** The five services that Aura ships with. */
export const SERVICES: readonly string[] = [
  'image-processing',
  'nlu',
  'style-profile',
  'combination-engine',
  'recommendation-engine',
];

/** A coordinator's process and where it listens. */
export interface CoordinatorChild {
  readonly process: Spawned;
  readonly url: string;
  readonly client: AuraClient;
}

/** An Aura of its own on servers, made of processes: a virtual host, a prefix for databases and keys. */
export class Installation {
  private readonly children: Spawned[] = [];
  private runtime: AuraRuntime | undefined;

  private constructor(
    readonly broker: PrivateBroker,
    /** What a process of it finds in its environment. */
    readonly environment: Readonly<Record<string, string>>,
    /** Begins the names of its databases. */
    readonly prefix: string,
  ) {}

  /** `broker`: removed with the installation; `mongodb`, `redis`: URLs of others than the shared ones. */
  static async open(
    own: { readonly broker?: PrivateBroker; readonly mongodb?: string; readonly redis?: string } = {},
  ): Promise<Installation> {
    const broker = own.broker ?? (await privateBroker());
    const prefix = `e2e-${randomBytes(4).toString('hex')}`;
    const environment = {
      AURA_RABBITMQ_URL: broker.url,
      AURA_MONGODB_URL: own.mongodb ?? serverUrl('mongodb'),
      AURA_REDIS_URL: own.redis ?? serverUrl('redis'),
      AURA_PREFIX: prefix,
    };
    return new Installation(broker, environment, prefix);
  }

  /** Starts one of the services that Aura ships with. */
  async service(name: string): Promise<Spawned> {
    return this.started(name, [join(ROOT, 'apps', name, 'dist/main.js')], `${name} ready`);
  }

  /** Starts a participant of the lab. */
  async lab(name: string): Promise<Spawned> {
    return this.participant(name, join(BUILT, 'lab-service.js'));
  }

  /** Starts a participant that a script runs when it is given its name. */
  async participant(name: string, script: string): Promise<Spawned> {
    return this.started(name, [script, name], `${name} ready`);
  }

  /** Starts a coordinator. `port` 0 is any. A name that died before takes its leases over at once. */
  async coordinator(name: string, port = 0): Promise<CoordinatorChild> {
    const child = this.spawn(name, [join(ROOT, 'apps/coordinator/dist/main.js')], {
      ready: 'coordinator ready at ',
      env: { PORT: String(port), AURA_INSTANCE: name },
    });
    const url = (await readyOrKilled(child)).replace('coordinator ready at ', '');
    return { process: child, url, client: connect({ url, retries: 30, reconnects: 60 }) };
  }

  /** What a process of this installation would have: for a look into journals and leases. */
  async inside(): Promise<AuraRuntime> {
    this.runtime ??= await openServerRuntime(
      serverEnvironment(this.environment, 'e2e-auditor'),
      () => undefined,
    );
    return this.runtime;
  }

  /** What all processes said on stderr, for the message of a failure. */
  told(): string {
    return this.children.map((child) => `--- ${child.name}\n${child.told()}`).join('\n');
  }

  /** Names of processes that have ended. */
  ended(): readonly string[] {
    return this.children.filter(({ isLive }) => !isLive).map(({ name }) => name);
  }

  /** SIGTERM to every process that lives, at once; how each of them ended. */
  async stopAll(): Promise<readonly (Ending & { readonly name: string })[]> {
    const live = this.children.filter(({ isLive }) => isLive);
    return Promise.all(live.map(async (child) => ({ name: child.name, ...(await child.stop()) })));
  }

  /** Kills every process that is left and removes all data. */
  async close(): Promise<void> {
    await Promise.all(this.children.map((child) => child.kill()));
    await closeAll([() => this.runtime?.close(), () => this.broker.remove(), () => this.dropDatabases()]);
  }

  private async dropDatabases(): Promise<void> {
    const mongo = new MongoClient(this.environment['AURA_MONGODB_URL'] ?? '', { runtimeAdapters: { os } });
    try {
      const { databases } = await mongo.db().admin().listDatabases({ nameOnly: true });
      const own = databases.filter(({ name }) => name.startsWith(`${this.prefix}_`));
      for (const { name } of own) await mongo.db(name).dropDatabase();
    } finally {
      await mongo.close();
    }
  }

  private async started(name: string, args: readonly string[], ready: string): Promise<Spawned> {
    const child = this.spawn(name, args, { ready, env: { PORT: '0' } });
    await readyOrKilled(child);
    return child;
  }

  private spawn(
    name: string,
    args: readonly string[],
    how: { readonly ready: string; readonly env: Readonly<Record<string, string>> },
  ): Spawned {
    const child = new Spawned({ name, args, ready: how.ready, env: { ...this.environment, ...how.env } });
    this.children.push(child);
    return child;
  }
}

/** The ready line; a process that does not get ready is not left behind. */
async function readyOrKilled(child: Spawned): Promise<string> {
  try {
    return await child.ready();
  } catch (error) {
    await child.kill();
    throw error;
  }
}

/** Waits until definitions are active. */
export async function untilActive(client: AuraClient, names: readonly string[]): Promise<void> {
  await eventually(`${names.join(', ')} are active`, async () => {
    const all = await client.definitions();
    return names.every((name) => all.some(({ id, status }) => id === name && status === 'active'))
      ? true
      : undefined;
  });
}
