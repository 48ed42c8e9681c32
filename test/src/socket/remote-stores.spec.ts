import {
  claimCheckConformance,
  journalConformance,
  leasesConformance,
  viewsConformance,
} from '@aura/kernel/testing';
import { systemWorld } from '@aura/embedded';
import { fastStoresConformance } from '@aura/messaging/testing';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JoinedHarness } from './joined-harness';

// `reopen` starts the host again while the guest stays: what it asks for next must find the way by itself.

journalConformance('a joined Aura', async () => {
  const harness = await JoinedHarness.open();
  const guest = await harness.join();
  return {
    journal: (namespace) => guest.journal(namespace),
    reopen: () => harness.reopen(),
    close: () => harness.close(),
  };
});

viewsConformance('a joined Aura', async () => {
  const harness = await JoinedHarness.open();
  const guest = await harness.join();
  return {
    views: (namespace) => guest.views(namespace),
    reopen: () => harness.reopen(),
    close: () => harness.close(),
  };
});

leasesConformance('a joined Aura', async () => {
  const harness = await JoinedHarness.open();
  const guest = await harness.join();
  return { leases: () => guest.leases, reopen: () => harness.reopen(), close: () => harness.close() };
});

const MAX_BYTES = 6 * 1024 * 1024;

claimCheckConformance('a joined Aura', async () => {
  const harness = await JoinedHarness.open({ maxClaimBytes: MAX_BYTES });
  const guest = await harness.join();
  const folderOf = (digest: string): string => join(harness.folder, 'claims', digest.slice(7, 9));
  return {
    claims: () => guest.claims,
    maxBytes: MAX_BYTES,
    corrupt: (digest) => {
      const file = join(folderOf(digest), digest.slice(7));
      const bytes = readFileSync(file);
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      return Promise.resolve();
    },
    stored: (digest) => {
      const folder = folderOf(digest);
      return Promise.resolve(existsSync(folder) ? readdirSync(folder).length : 0);
    },
    reopen: () => harness.reopen(),
    close: () => harness.close(),
  };
});

fastStoresConformance('a joined Aura', async () => {
  const { clock, ...rest } = systemWorld();
  let ahead = 0;
  const world = {
    ...rest,
    clock: { now: () => clock.now() + ahead, monotonic: () => clock.monotonic() + ahead },
  };
  const harness = await JoinedHarness.open({ world });
  const guest = await harness.join();
  return {
    stores: (namespace) => Promise.resolve(guest.fast(namespace)),
    elapse: (ms) => {
      ahead += ms;
      return Promise.resolve();
    },
    reopen: () => harness.reopen(),
    close: () => harness.close(),
  };
});
