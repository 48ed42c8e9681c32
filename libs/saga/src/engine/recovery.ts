import type { PipelineLog } from '@aura/messaging';
import type { BookedSaga, SagaBook } from './book';
import type { CoordinatorPorts } from './ports';
import type { ViewWriter } from './view-writer';

/** Looked at from this long before the owner's last word, ms: clocks differ, and a row may be on its way. */
const MARGIN_MS = 60_000;
/** Streams of one page. */
const PAGE = 500;

/**
 * Finds rows that nobody may have published or written views for, whoever caused them: scans the journals of
 * partitions from a time on, publishes what is open and brings the views up to date.
 */
export async function recover(
  ports: CoordinatorPorts,
  book: SagaBook,
  views: ViewWriter,
  what: { readonly partitions: readonly number[]; readonly since: number },
): Promise<number> {
  let afterStream: string | undefined;
  let recovered = 0;
  for (;;) {
    const heads = await ports.journal.scan({
      partitions: what.partitions,
      since: Math.max(0, what.since - MARGIN_MS),
      limit: PAGE,
      ...(afterStream === undefined ? {} : { afterStream }),
    });
    const sagas = heads.map(({ stream }) => stream.slice('saga/'.length));
    const booked = await book.open(sagas);
    for (const saga of booked.values()) if (await publishOpen(ports, book, views, saga)) recovered += 1;
    const last = heads.at(-1);
    if (last === undefined || heads.length < PAGE) return recovered;
    afterStream = last.stream;
  }
}

async function publishOpen(
  ports: CoordinatorPorts,
  book: SagaBook,
  views: ViewWriter,
  saga: BookedSaga,
): Promise<boolean> {
  const { seq } = saga.state;
  if (saga.publishedSeq >= seq) return false;
  if (saga.unpublished.length > 0) await ports.bus.publish(saga.unpublished);
  const published = book.published(saga.state.saga, seq);
  if (published !== undefined) views.changed(published, true);
  return saga.unpublished.length > 0;
}

/** Says how many sagas were found open, when there were any. */
export function logRecovery(log: PipelineLog, count: number, partitions: readonly number[]): void {
  if (count > 0) log.warn(`published what ${count} sagas had left open`, { partitions });
}
