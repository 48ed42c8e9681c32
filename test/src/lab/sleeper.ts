import type { AppendResult, Journal, JournalRow } from '@aura/kernel';
import type { EventBus, OutboundMessage } from '@aura/messaging';
import type { AuraRuntime } from '@aura/nest';

/** What a process is about to do: append a row, or publish an event. */
export type AboutTo =
  | { readonly append: JournalRow; readonly publish?: undefined }
  | { readonly publish: OutboundMessage; readonly append?: undefined };

/** A runtime whose user falls asleep once, as a process does that is paused, and wakes up when it is told. */
export interface Sleeper {
  readonly runtime: AuraRuntime;
  /** Resolves when it has fallen asleep. */
  readonly asleep: Promise<void>;
  wake(): void;
}

/** Makes a sleeper out of a runtime, which itself lives on: it sleeps right before the first thing that fits. */
export function sleeper(runtime: AuraRuntime, isMoment: (about: AboutTo) => boolean): Sleeper {
  let fallAsleep = (): void => undefined;
  let wake = (): void => undefined;
  const asleep = new Promise<void>((resolve) => (fallAsleep = resolve));
  const awake = new Promise<void>((resolve) => (wake = resolve));
  const before = async (all: readonly AboutTo[]): Promise<void> => {
    if (!all.some(isMoment)) return;
    fallAsleep();
    await awake;
  };
  const stores = async (service: string) => {
    const own = await runtime.stores(service);
    return { ...own, journal: sleepyJournal(own.journal, before) };
  };
  return { runtime: { ...runtime, bus: sleepyBus(runtime.bus, before), stores }, asleep, wake };
}

type Before = (all: readonly AboutTo[]) => Promise<void>;

function sleepyJournal(journal: Journal, before: Before): Journal {
  return {
    append: async (rows) => {
      await before(rows.map((append) => ({ append })));
      return journal.append(rows);
    },
    // Any first few of the rows may stand, as where they are not written in one call.
    appendInOrder: async (rows) => {
      const results: AppendResult[] = [];
      for (const row of rows) {
        await before([{ append: row }]);
        results.push(...(await journal.append([row])));
        if (results.at(-1) === 'conflict') break;
      }
      return results;
    },
    read: (stream, afterSeq) => journal.read(stream, afterSeq),
    readMany: (streams) => journal.readMany(streams),
    findOperation: (stream, operation) => journal.findOperation(stream, operation),
    head: (stream) => journal.head(stream),
    scan: (query) => journal.scan(query),
    saveSnapshot: (snapshot) => journal.saveSnapshot(snapshot),
    loadSnapshot: (stream) => journal.loadSnapshot(stream),
  };
}

function sleepyBus(bus: EventBus, before: Before): EventBus {
  return {
    publish: async (messages) => {
      await before(messages.map((publish) => ({ publish })));
      return bus.publish(messages);
    },
    declareQueue: (declaration) => bus.declareQueue(declaration),
    bind: (bindings) => bus.bind(bindings),
    unbind: (bindings) => bus.unbind(bindings),
    depth: (queue) => bus.depth(queue),
    health: () => bus.health(),
    onHealth: (listener) => bus.onHealth(listener),
    close: () => bus.close(),
    consume: (request) => bus.consume(request),
  };
}
