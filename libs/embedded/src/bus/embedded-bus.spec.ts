import { CRASHED_QUEUE } from '@aura/messaging';
import { busConformance } from '@aura/messaging/testing';
import { EmbeddedHarness } from '../testing/embedded-harness';

busConformance('the embedded bus', async () => {
  const harness = await EmbeddedHarness.open();
  return {
    prefix: 'suite',
    crashedQueue: CRASHED_QUEUE,
    open: () => {
      const bus = harness.embedded.connect();
      return Promise.resolve({
        bus,
        crash: () => bus.crash(),
        injectRaw: (queue, bytes, contentType, headers) =>
          harness.embedded.injectRaw(queue, { bytes, contentType, headers }),
        close: () => bus.close(),
      });
    },
    close: () => harness.close(),
  };
});
