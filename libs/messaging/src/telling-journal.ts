import type { Journal } from '@aura/kernel';
import type { EventBus, TellingJournal } from './bus';

/**
 * A journal as whoever commits before it sends wants it: in one commit where journal and bus share a store, else a
 * journal that tells nothing by itself.
 */
export function tellingJournal(bus: Pick<EventBus, 'telling'>, journal: Journal): TellingJournal {
  return (
    bus.telling?.(journal) ?? {
      append: (rows) => journal.append(rows.map(({ row }) => row)),
      appendInOrder: (rows) => journal.appendInOrder(rows.map(({ row }) => row)),
    }
  );
}
