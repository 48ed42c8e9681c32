import { openServerRuntime, serverEnvironment } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { serverUrl } from '@aura/servers';
import { MongoClient } from 'mongodb';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { privateBroker } from '../e2e/private-broker';

/** A runtime on servers whose exchanges, databases and keys nobody else has. */
export interface OwnServers {
  readonly runtime: AuraRuntime;
  /** Removes all data; the runtime must be closed. */
  remove(): Promise<void>;
}

/** Opens a runtime on the servers of this checkout. */
export async function ownServers(): Promise<OwnServers> {
  const broker = await privateBroker();
  const prefix = `lab-${randomBytes(4).toString('hex')}`;
  const environment = {
    AURA_RABBITMQ_URL: broker.url,
    AURA_MONGODB_URL: serverUrl('mongodb'),
    AURA_REDIS_URL: serverUrl('redis'),
    AURA_PREFIX: prefix,
    AURA_INSTANCE: prefix,
  };
  const remove = async (): Promise<void> => {
    await broker.remove();
    await dropDatabases(prefix);
  };
  try {
    return {
      runtime: await openServerRuntime(serverEnvironment(environment, 'lab'), () => undefined),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function dropDatabases(prefix: string): Promise<void> {
  const mongo = new MongoClient(serverUrl('mongodb'), { runtimeAdapters: { os } });
  try {
    const { databases } = await mongo.db().admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) if (name.startsWith(`${prefix}_`)) await mongo.db(name).dropDatabase();
  } finally {
    await mongo.close();
  }
}
