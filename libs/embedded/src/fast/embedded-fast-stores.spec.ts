import type { World } from '@aura/kernel';
import { fastStoresConformance } from '@aura/messaging/testing';
import { systemWorld } from '../system-world';
import { EmbeddedHarness } from '../testing/embedded-harness';

fastStoresConformance('the embedded adapter', async () => {
  const { clock, ...rest } = systemWorld();
  let ahead = 0;
  const world: World = {
    ...rest,
    clock: { now: () => clock.now() + ahead, monotonic: () => clock.monotonic() + ahead },
  };
  const harness = await EmbeddedHarness.open({ world });
  return {
    stores: (namespace) => Promise.resolve(harness.embedded.fast(namespace)),
    elapse: (ms) => {
      ahead += ms;
      return Promise.resolve();
    },
    reopen: () => harness.reopen(),
    close: () => harness.close(),
  };
});
