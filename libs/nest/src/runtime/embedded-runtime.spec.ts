import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedRuntime } from './embedded-runtime';

describe('a runtime that owns a data folder', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-runtime-'));
  const open = () => openEmbeddedRuntime({ dataDir, log: () => undefined });

  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it('has at once what its predecessor held when it died', async () => {
    const lease = { name: 'partition/1', now: 1000, ttlMs: 60_000 };
    const died = await open();
    expect(await died.leases.acquire({ ...lease, owner: died.instance })).toBeDefined();
    await died.close();
    const next = await open();
    expect(await next.leases.acquire({ ...lease, owner: next.instance, now: 1001 })).toBeDefined();
    await next.close();
  });
});
