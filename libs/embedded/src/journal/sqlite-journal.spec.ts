import { journalConformance } from '@aura/kernel/testing';
import { EmbeddedHarness } from '../testing/embedded-harness';

journalConformance('SQLite', async () => {
  const harness = await EmbeddedHarness.open();
  return {
    journal: (namespace) => harness.embedded.journal(namespace),
    reopen: () => harness.reopen(),
    close: () => harness.close(),
  };
});
