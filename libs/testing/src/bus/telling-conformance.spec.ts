import { CRASHED_QUEUE } from '@aura/messaging';
import { tellingConformance } from '@aura/messaging/testing';
import { loneProcess } from '../process/lone-process';
import { JournalTable } from '../stores/journal-table';
import { SimulatedJournal } from '../stores/simulated-journal';
import { Timeline } from '../time/timeline';
import { SimulatedBroker } from './simulated-broker';
import { SimulatedBus } from './simulated-bus';

tellingConformance('the simulated bus', () => {
  const timeline = new Timeline();
  const broker = new SimulatedBroker(timeline);
  broker.isOneStore = true;
  const table = new JournalTable();
  const timer = setInterval(() => void timeline.advance(1), 1);
  return Promise.resolve({
    prefix: 'telling',
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
    close: () => Promise.resolve(clearInterval(timer)),
  });
});

test('where broker and journals are apart, nothing is told with a row', () => {
  const timeline = new Timeline();
  const bus = new SimulatedBus(loneProcess(timeline), new SimulatedBroker(timeline));
  expect(bus.telling(new SimulatedJournal(loneProcess(timeline), new JournalTable()))).toBeUndefined();
});
