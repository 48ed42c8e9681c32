import { NO_FAULTS } from '../faults/fault';
import { Chance } from '../time/chance';
import { Timeline } from '../time/timeline';
import { SimulatedProcess } from './simulated-process';

/** A process by itself, to which nothing happens: what the conformance suites ask through. */
export function loneProcess(timeline = new Timeline()): SimulatedProcess {
  return new SimulatedProcess(
    'alone',
    { timeline, chance: new Chance('alone'), faults: NO_FAULTS, trace: undefined },
    { crashed: () => undefined, paused: () => undefined, resumed: () => undefined },
  );
}
