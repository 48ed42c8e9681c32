import { CRASHED_QUEUE } from '@aura/messaging';
import { busConformance } from '@aura/messaging/testing';
import { loneProcess } from '../process/lone-process';
import { Timeline } from '../time/timeline';
import { SimulatedBroker } from './simulated-broker';
import { SimulatedBus } from './simulated-bus';

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

busConformance('the simulated bus', () => {
  const timeline = new Timeline();
  const broker = new SimulatedBroker(timeline);
  const stop = follow(timeline);
  return Promise.resolve({
    prefix: 'suite',
    crashedQueue: CRASHED_QUEUE,
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
  });
});
