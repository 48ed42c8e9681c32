import { CRASHED_QUEUE } from '@aura/messaging';
import { busConformance } from '@aura/messaging/testing';
import { JoinedHarness } from './joined-harness';

busConformance('the bus over the socket', async () => {
  const harness = await JoinedHarness.open();
  return {
    prefix: 'suite',
    crashedQueue: CRASHED_QUEUE,
    open: async () => {
      const guest = await harness.join();
      return {
        bus: guest.bus,
        crash: () => Promise.resolve(guest.lose()),
        injectRaw: (queue, bytes, contentType, headers) =>
          harness.embedded.injectRaw(queue, { bytes, contentType, headers }),
        close: () => guest.close(),
      };
    },
    close: () => harness.close(),
  };
});
