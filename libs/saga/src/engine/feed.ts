import { hasEnded } from '@aura/contracts';
import type { SagaFeedEntry } from '@aura/contracts';
import { sagaStream } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import { feedOf } from '../machine/feed-entries';
import { entriesOf } from '../machine/row';
import type { CoordinatorPorts } from './ports';
import type { Tracker } from './tracker';

/** How often the journal is asked when another instance tracks the saga, ms. */
const POLL_MS = 250;

/** Follows sagas for clients: read from the journal, in the order given at the fold. */
export class Feed {
  private readonly stopping = new AbortController();

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly tracker: Tracker,
  ) {}

  /** Ends all feeds: the stores are about to close. */
  stop(): void {
    this.stopping.abort();
  }

  /** Entries behind a sequence, then live ones, until the saga has ended or the signal aborts. An unknown saga has none. */
  async *follow(saga: string, afterSequence: number, signal: AbortSignal): AsyncGenerator<SagaFeedEntry> {
    const signals = [signal, this.stopping.signal];
    let seq = 0;
    let sequence = 1;
    while (!signals.some(({ aborted }) => aborted)) {
      const waiting = this.nextRow(saga, signals);
      try {
        const rows = await this.ports.journal.read(sagaStream(saga), seq);
        const entries = feedOf(rows, sequence);
        yield* entries.filter((entry) => entry.sequence > afterSequence);
        sequence += entries.length;
        seq += rows.length;
        if (seq === 0 || rows.some(isEnd)) return;
        if (rows.length === 0) await waiting.row;
      } finally {
        waiting.forget();
      }
    }
  }

  /** Resolves at the saga's next row here, after a while, or when a signal aborts. */
  private nextRow(
    saga: string,
    signals: readonly AbortSignal[],
  ): { readonly row: Promise<void>; readonly forget: () => void } {
    let forget: () => void = () => undefined;
    const row = new Promise<void>((resolve) => {
      forget = (): void => {
        cancel();
        off();
        for (const signal of signals) signal.removeEventListener('abort', forget);
        resolve();
      };
      const cancel = this.ports.world.scheduler.after(POLL_MS, forget);
      const off = this.tracker.onRow(saga, forget);
      for (const signal of signals) signal.addEventListener('abort', forget);
    });
    return { row, forget };
  }
}

function isEnd(row: JournalRow): boolean {
  return entriesOf(row).some(({ entry }) => entry.kind === 'ended' && hasEnded(entry.status));
}
