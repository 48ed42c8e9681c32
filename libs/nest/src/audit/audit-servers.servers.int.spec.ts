import { randomUUID } from 'node:crypto';
import { sampleRow } from '@aura/kernel/testing';
import { openMongo } from '@aura/mongo';
import type { MongoStores } from '@aura/mongo';
import { serverUrl } from '@aura/servers';
import { auditServers } from './audit-servers';

const prefix = `a${randomUUID().slice(0, 8)}`;
const env = { AURA_MONGODB_URL: serverUrl('mongodb'), AURA_PREFIX: prefix };
const OPERATION = 'step/s/1/pay/0';

describe('an audit of an installation on servers', () => {
  const opened = new Map<string, MongoStores>();
  let pauses = 0;
  const audited = () => auditServers(env, () => Promise.resolve(void (pauses += 1)));

  async function write(participant: string, stream: string, operations: readonly string[], body: unknown) {
    const known = opened.get(participant);
    const stores =
      known ?? (await openMongo({ url: env.AURA_MONGODB_URL, database: `${prefix}_${participant}` }));
    opened.set(participant, stores);
    const seq = (await stores.journal(participant).head(stream)) + 1;
    await stores
      .journal(participant)
      .append([sampleRow({ stream, seq, operations, body: JSON.stringify(body) })]);
  }

  afterAll(async () => {
    for (const stores of opened.values()) await stores.close();
  });

  it('finds nothing where nothing is', async () => {
    expect(await audited()).toMatchObject({ sums: [], steps: 0, discrepancies: [] });
  });

  it('reads the databases of all participants', async () => {
    const received = { kind: 'received', amount: 10, unit: 'EUR' };
    await write('bank', 'till/anna', ['opening'], { changes: { opening: received } });
    await write('shop', 'till/ben', ['opening'], { changes: { opening: received } });
    await write('bank', 'step/s/1/pay', ['claim'], {
      kind: 'claim',
      resources: [{ type: 'till', id: 'anna' }],
    });
    await write('coordinator', 'saga/s', ['start'], [{ kind: 'started', saga: 's' }]);
    expect(await audited()).toMatchObject({
      sums: [
        { participant: 'bank', received: 10, available: 10 },
        { participant: 'shop', received: 10, available: 10 },
      ],
      steps: 1,
      sagas: { open: 1, ended: 0 },
      discrepancies: [],
    });
    expect(pauses).toBe(0);
  });

  it('looks again at what does not add up before it says so', async () => {
    const held = { kind: 'held', hold: 's', amount: 4, unit: 'EUR' };
    await write('bank', 'till/anna', [OPERATION], { changes: { [OPERATION]: held } });
    await write('coordinator', 'saga/s', [], [{ kind: 'ended', status: 'compensated' }]);
    const { discrepancies } = await audited();
    expect(discrepancies.map(({ code }) => code).sort()).toEqual(['LEFT_OVER', 'UNFINISHED']);
    expect(pauses).toBe(2);
  });
});

it('an audit on servers says what it must know', async () => {
  await expect(auditServers({})).rejects.toThrow(/aura audit cannot start: AURA_MONGODB_URL is not set/);
});
