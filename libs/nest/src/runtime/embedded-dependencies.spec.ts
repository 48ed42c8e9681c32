import { openEmbedded } from '@aura/embedded';
import type { Embedded } from '@aura/embedded';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedDependencies } from './embedded-dependencies';

describe('the data file as a dependency', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-dependencies-'));
  let embedded: Embedded;

  beforeAll(async () => {
    embedded = await openEmbedded({ path: join(folder, 'aura.db') });
  });

  afterAll(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The check of the data file, whose writes hold the process for so long, as a slow disk does. */
  async function checked(heldMs: number): Promise<void> {
    const { leases, bus } = embedded;
    const acquire: typeof leases.acquire = (request) => {
      for (const since = performance.now(); performance.now() - since < heldMs;);
      return leases.acquire(request);
    };
    const slow = { ...leases, acquire };
    const [data] = embeddedDependencies({ leases: slow, bus }, 'owner');
    await data?.check();
  }

  it('is there while it takes what is written', async () => {
    await expect(checked(0)).resolves.toBeUndefined();
  });

  it('is down when a write takes longer than a second, and says how long', async () => {
    await expect(checked(1050)).rejects.toThrow(
      /the data file is slow: a write took \d+ ms, more than 1000 ms/,
    );
  });
});
