import { openServerRuntime, serverEnvironment } from '@aura/nest';
import { serverUrl } from '@aura/servers';
import { MongoClient } from 'mongodb';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { privateBroker } from '../e2e/private-broker';
import type { PrivateBroker } from '../e2e/private-broker';
import { forgetKeys } from './forget-keys';
import { surviveTotalLoss } from './total-loss';

const prefix = `loss-${randomBytes(4).toString('hex')}`;

async function eachDatabase(doing: (mongo: MongoClient, name: string) => Promise<void>): Promise<void> {
  const mongo = new MongoClient(serverUrl('mongodb'), { runtimeAdapters: { os } });
  try {
    const { databases } = await mongo.db().admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) if (name.startsWith(`${prefix}_`)) await doing(mongo, name);
  } finally {
    await mongo.close();
  }
}

/** Empties every collection of views; answers how many views there were. */
async function loseViews(): Promise<number> {
  let lost = 0;
  await eachDatabase(async (mongo, name) => {
    const collections = await mongo.db(name).listCollections({}, { nameOnly: true }).toArray();
    for (const { name: own } of collections)
      if (own.startsWith('views.'))
        lost += (await mongo.db(name).collection(own).deleteMany({})).deletedCount;
  });
  return lost;
}

describe('an Aura on servers whose broker, Redis and views were lost while it was stopped', () => {
  let broker: PrivateBroker;
  beforeAll(async () => {
    broker = await privateBroker();
  });
  afterAll(async () => {
    await broker.remove();
    await eachDatabase(async (mongo, name) => void (await mongo.db(name).dropDatabase()));
  });

  const environment = (): Readonly<Record<string, string>> => ({
    AURA_RABBITMQ_URL: broker.url,
    AURA_MONGODB_URL: serverUrl('mongodb'),
    AURA_REDIS_URL: serverUrl('redis'),
    AURA_PREFIX: prefix,
    AURA_INSTANCE: prefix,
  });

  it('brings everything that was in flight again from the journals', async () => {
    const { ends, left, charges } = await surviveTotalLoss({
      open: () => openServerRuntime(serverEnvironment(environment(), 'lab'), () => undefined),
      loseAll: async () => {
        // A broker without one queue, exchange or binding takes the place of the one before.
        await broker.remove();
        broker = await privateBroker();
        expect(await loseViews()).toBeGreaterThan(5);
        expect(await forgetKeys(serverUrl('redis'), `*${prefix}*`)).toBeGreaterThan(0);
      },
    });
    expect(ends).toEqual({
      at_its_first_step: 'completed',
      between_effects: 'completed',
      at_its_join: 'completed',
      being_undone: 'compensated',
      for_a_person: 'completed',
    });
    expect(left).toBe(8);
    expect(charges).toBe(0);
  }, 120_000);
});
