import { leasesConformance } from '@aura/kernel/testing';
import { EmbeddedHarness } from '../testing/embedded-harness';

leasesConformance('SQLite', async () => {
  const harness = await EmbeddedHarness.open();
  return {
    leases: () => harness.embedded.leases,
    reopen: () => harness.reopen(),
    close: () => harness.close(),
  };
});
