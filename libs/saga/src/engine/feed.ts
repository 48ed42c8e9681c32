import { hasEnded } from '@aura/contracts';
import type { SagaFeedEntry } from '@aura/contracts';
import { sagaStream } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import { feedOf } from '../machine/feed-entries';
import { entriesOf } from '../machine/row';
import type { SagaBook } from './book';
import type { CoordinatorPorts } from './ports';
import type { Tracker } from './tracker';

/** How often the journal is asked when another instance tracks the saga, ms. */
const POLL_MS = 250;

/** Follows sagas for clients: read from the journal, in the order given at the fold. */
export class Feed {
  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly book: SagaBook,
    private readonly tracker: Tracker,
  ) {}

  /** Entries behind a sequence, then live ones, until the saga has ended or the signal aborts. An unknown saga has none. */
  async *follow(saga: string, afterSequence: number, signal: AbortSignal): AsyncGenerator<SagaFeedEntry> {
    const known = await this.book.history(saga);
    if (known === undefined) return;
    let seq = 0;
    let sequence = 1;
    while (!signal.aborted) {
      const waiting = this.nextRow(saga, signal);
      const rows = await this.ports.journal.read(sagaStream(saga), seq);
      for (const entry of feedOf(rows, sequence)) {
        if (entry.sequence > afterSequence) yield entry;
        sequence = entry.sequence + 1;
      }
      seq = rows.at(-1)?.seq ?? seq;
      if (rows.some(isEnd)) return waiting.forget();
      if (rows.length > 0) waiting.forget();
      else await waiting.row;
    }
  }

  /** Resolves at the saga's next row here, after a while, or when the signal aborts. */
  private nextRow(
    saga: string,
    signal: AbortSignal,
  ): { readonly row: Promise<void>; readonly forget: () => void } {
    let forget: () => void = () => undefined;
    const row = new Promise<void>((resolve) => {
      const done = (): void => {
        cancel();
        off();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.ports.world.scheduler.after(POLL_MS, done);
      const off = this.tracker.onRow((changed) => {
        if (changed === saga) done();
      });
      signal.addEventListener('abort', done);
      forget = done;
    });
    return { row, forget };
  }
}

function isEnd(row: JournalRow): boolean {
  return entriesOf(row).some(({ entry }) => entry.kind === 'ended' && hasEnded(entry.status));
}
