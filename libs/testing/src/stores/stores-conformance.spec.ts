import {
  claimCheckConformance,
  journalConformance,
  journalReaderConformance,
  leasesConformance,
  viewsConformance,
} from '@aura/kernel/testing';
import { fastStoresConformance } from '@aura/messaging/testing';
import { loneProcess } from '../process/lone-process';
import { Timeline } from '../time/timeline';
import { JournalTable } from './journal-table';
import { ClaimTable, SimulatedClaims } from './simulated-claims';
import { FastTables, simulatedFastStores } from './simulated-fast-stores';
import { SimulatedJournal } from './simulated-journal';
import { LeaseTable, SimulatedLeases } from './simulated-leases';
import { SimulatedViews, ViewTables } from './simulated-views';
import { tableReader } from './table-reader';

/** What a namespace has; made when it is asked for first. */
class Namespaces<T> {
  private readonly made = new Map<string, T>();

  constructor(private readonly make: () => T) {}

  of(name: string): T {
    const made = this.made.get(name) ?? this.make();
    this.made.set(name, made);
    return made;
  }
}

/** A restart loses nothing: what is simulated is the store, not its client. */
const lasting = { reopen: () => Promise.resolve(), close: () => Promise.resolve() };

journalConformance('the simulation', () => {
  const tables = new Namespaces(() => new JournalTable());
  const harness = () => ({
    ...lasting,
    journal: (namespace: string) => new SimulatedJournal(loneProcess(), tables.of(namespace)),
    another: () => Promise.resolve(harness()),
  });
  return Promise.resolve(harness());
});

viewsConformance('the simulation', () => {
  const tables = new Namespaces(() => new ViewTables());
  const harness = () => ({
    ...lasting,
    views: (namespace: string) => new SimulatedViews(loneProcess(), tables.of(namespace)),
    another: () => Promise.resolve(harness()),
  });
  return Promise.resolve(harness());
});

leasesConformance('the simulation', () => {
  const table = new LeaseTable();
  const harness = () => ({
    ...lasting,
    leases: () => new SimulatedLeases(loneProcess(), table),
    another: () => Promise.resolve(harness()),
  });
  return Promise.resolve(harness());
});

claimCheckConformance('the simulation', () => {
  const maxBytes = 6 * 1024 * 1024;
  const table = new ClaimTable(maxBytes);
  return Promise.resolve({
    ...lasting,
    claims: () => new SimulatedClaims(loneProcess(), table),
    maxBytes,
    corrupt: (digest: string) => Promise.resolve(table.corrupt(digest)),
    stored: (digest: string) => Promise.resolve(table.has(digest) ? 1 : 0),
  });
});

fastStoresConformance('the simulation', () => {
  const timeline = new Timeline();
  const tables = new Namespaces(() => new FastTables(timeline));
  return Promise.resolve({
    ...lasting,
    stores: (namespace) => Promise.resolve(simulatedFastStores(loneProcess(timeline), tables.of(namespace))),
    elapse: (ms) => timeline.advance(ms),
  });
});

journalReaderConformance('the simulation', () => {
  const tables = new Namespaces(() => new JournalTable());
  return Promise.resolve({
    ...lasting,
    journal: (namespace: string) => new SimulatedJournal(loneProcess(), tables.of(namespace)),
    reader: (namespace: string) => Promise.resolve(tableReader(tables.of(namespace))),
  });
});
