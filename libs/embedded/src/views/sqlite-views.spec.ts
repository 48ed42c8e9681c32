import { viewsConformance } from '@aura/kernel/testing';
import { EmbeddedHarness } from '../testing/embedded-harness';

viewsConformance('SQLite', async () => {
  const harness = await EmbeddedHarness.open();
  return {
    views: (namespace) => harness.embedded.views(namespace),
    reopen: () => harness.reopen(),
    close: () => harness.close(),
  };
});
