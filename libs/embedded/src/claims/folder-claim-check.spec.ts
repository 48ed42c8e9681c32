import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimCheckConformance } from '@aura/kernel/testing';
import { EmbeddedHarness } from '../testing/embedded-harness';

const MAX_BYTES = 6 * 1024 * 1024;

function folderOf(harness: EmbeddedHarness, digest: string): string {
  return join(harness.folder.path, 'claims', digest.slice('sha256:'.length, 'sha256:'.length + 2));
}

claimCheckConformance('a folder', async () => {
  const harness = await EmbeddedHarness.open({ maxClaimBytes: MAX_BYTES });
  return {
    claims: () => harness.embedded.claims,
    maxBytes: MAX_BYTES,
    corrupt: (digest) => {
      const file = join(folderOf(harness, digest), digest.slice('sha256:'.length));
      const bytes = readFileSync(file);
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      return Promise.resolve();
    },
    stored: (digest) => {
      const folder = folderOf(harness, digest);
      return Promise.resolve(existsSync(folder) ? readdirSync(folder).length : 0);
    },
    reopen: () => harness.reopen(),
    close: () => harness.close(),
  };
});
