import { randomUUID } from 'node:crypto';
import { openMongo } from '@aura/mongo';
import { serverUrl } from '@aura/servers';
import { markServers } from './mark-servers';

const url = serverUrl('mongodb');
const prefix = `r${randomUUID().slice(0, 8)}`;
const RESTORATION = { actor: { subject: 'ada', roles: [] }, note: 'the disk was lost' };

describe('a restore of the coordinators’ database', () => {
  it('begins another incarnation there, and is refused while a coordinator holds its lease', async () => {
    const env = { AURA_MONGODB_URL: url, AURA_PREFIX: prefix };
    expect(await markServers(env, RESTORATION)).toMatchObject({ ok: true, value: { isFirst: false } });
    const stores = await openMongo({ url, database: `${prefix}_coordinator` });
    try {
      const rows = await stores.journal('coordinator').read('store/incarnations');
      expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
        { kind: 'made' },
        { kind: 'restored', ...RESTORATION },
      ]);
      const lease = { name: 'coordinator/one', owner: 'one', now: Date.now(), ttlMs: 60_000 };
      await stores.leases.acquire(lease);
      expect(await markServers(env, RESTORATION)).toEqual({ ok: false, error: ['one'] });
    } finally {
      await stores.close();
    }
  });

  it('names what the environment does not say', async () => {
    await expect(markServers({}, RESTORATION)).rejects.toThrow('AURA_MONGODB_URL');
  });
});
