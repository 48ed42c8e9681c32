import { tellingConformance } from '@aura/messaging/testing';
import { loneProcess } from '../process/lone-process';
import { JournalTable } from '../stores/journal-table';
import { SimulatedJournal } from '../stores/simulated-journal';
import { Timeline } from '../time/timeline';
import { SimulatedBroker } from './simulated-broker';
import { SimulatedBus } from './simulated-bus';
import { simulatedBusUnderTest } from './testing/simulated-bus-under-test';

tellingConformance('the simulated bus', () =>
  Promise.resolve(simulatedBusUnderTest('telling', { isOneStore: true })),
);

test('where broker and journals are apart, nothing is told with a row', () => {
  const timeline = new Timeline();
  const bus = new SimulatedBus(loneProcess(timeline), new SimulatedBroker(timeline));
  expect(bus.telling(new SimulatedJournal(loneProcess(timeline), new JournalTable()))).toBeUndefined();
});
