import { openServerRuntime, serverEnvironment } from '@aura/nest';
import { serverUrl } from '@aura/servers';
import { MongoClient } from 'mongodb';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { privateBroker } from '../e2e/private-broker';
import type { PrivateBroker } from '../e2e/private-broker';
import { largeSagas } from './large-sagas';

jest.setTimeout(60_000);

describe('large sagas on servers', () => {
  const prefix = `large-${randomBytes(4).toString('hex')}`;
  let broker: PrivateBroker | undefined;

  // Behind the runtime's own closing, which is declared later and so runs first.
  afterAll(async () => {
    await broker?.remove();
    const mongo = new MongoClient(serverUrl('mongodb'), { runtimeAdapters: { os } });
    const { databases } = await mongo.db().admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) if (name.startsWith(`${prefix}_`)) await mongo.db(name).dropDatabase();
    await mongo.close();
  });

  describe('with payloads in GridFS', () => {
    largeSagas(async () => {
      broker = await privateBroker();
      const environment = {
        AURA_RABBITMQ_URL: broker.url,
        AURA_MONGODB_URL: serverUrl('mongodb'),
        AURA_REDIS_URL: serverUrl('redis'),
        AURA_PREFIX: prefix,
        AURA_INSTANCE: 'large',
      };
      return openServerRuntime(serverEnvironment(environment, 'large'), () => undefined);
    });
  });
});
