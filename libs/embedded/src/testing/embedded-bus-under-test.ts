import { CRASHED_QUEUE } from '@aura/messaging';
import type { TellingUnderTest } from '@aura/messaging/testing';
import { EmbeddedHarness } from './embedded-harness';

/** The bus of a data file of its own, with the journals of that file, for the conformance suites. `prefix`: of the suite's names. */
export async function embeddedBusUnderTest(prefix: string): Promise<TellingUnderTest> {
  const harness = await EmbeddedHarness.open();
  return {
    prefix,
    crashedQueue: CRASHED_QUEUE,
    journal: (namespace) => harness.embedded.journal(namespace),
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
}
