import { CRASHED_QUEUE } from '@aura/messaging';
import type { TellingUnderTest } from '@aura/messaging/testing';
import { loneProcess } from '../../process/lone-process';
import { JournalTable } from '../../stores/journal-table';
import { SimulatedJournal } from '../../stores/simulated-journal';
import { Timeline } from '../../time/timeline';
import { SimulatedBroker } from '../simulated-broker';
import { SimulatedBus } from '../simulated-bus';

/** Longest step of virtual time, ms: a busy machine must not make up for lost time, or a delay would seem too short. */
const LONGEST_STEP_MS = 3;

/** Lets virtual time pass with real time, never faster: the suite measures and waits in real time. */
function follow(timeline: Timeline): () => void {
  let at = performance.now();
  let going = Promise.resolve();
  const timer = setInterval(() => {
    going = going.then(() => {
      const now = performance.now();
      const ms = Math.min(now - at, LONGEST_STEP_MS);
      at = now;
      return timeline.advance(ms);
    });
  }, 1);
  return () => clearInterval(timer);
}

/** The simulated bus for the conformance suites. `isOneStore`: broker and journals share one, so that rows are told in their commit. */
export function simulatedBusUnderTest(
  prefix: string,
  { isOneStore }: { readonly isOneStore: boolean },
): TellingUnderTest {
  const timeline = new Timeline();
  const broker = new SimulatedBroker(timeline);
  broker.isOneStore = isOneStore;
  const table = new JournalTable();
  const stop = follow(timeline);
  return {
    prefix,
    crashedQueue: CRASHED_QUEUE,
    journal: () => new SimulatedJournal(loneProcess(timeline), table),
    open: () => {
      const bus = new SimulatedBus(loneProcess(timeline), broker);
      return Promise.resolve({
        bus,
        crash: () => Promise.resolve(bus.leave(true)),
        injectRaw: (queue, bytes, contentType, headers) =>
          Promise.resolve(broker.inject(queue, { bytes, contentType, headers })),
        close: () => bus.close(),
      });
    },
    close: () => Promise.resolve(stop()),
  };
}
