import type { Clock } from '@aura/kernel';
import { DONE, isClaimed, trackerQueue } from '@aura/messaging';
import type { OutboundMessage, Outcome, TellingResult } from '@aura/messaging';
import type { SagaBook } from './book';
import type { BookedSaga } from './booked-saga';
import { decideTurn } from './decide-turn';
import type { PartitionGaps } from './gaps';
import { handedContext, isForOwn } from './hand-over';
import type { DecidedTurn } from './saga-turn';
import type { Sequel } from './sequel';
import { SubSagas } from './sub-sagas';
import { trackSpans } from './track-spans';
import type { Tracker } from './tracker';
import { isAboutTransaction } from './transactions/transaction-delivery';
import { publishedWithRow, tellsOfWait } from './wait-views';

/** What sequels of sagas work with. */
export interface SagaSequelParts {
  readonly book: Pick<SagaBook, 'inMemory' | 'forget'>;
  readonly gaps: Pick<PartitionGaps, 'gapSince'>;
  readonly clock: Clock;
  readonly tracker: Pick<Tracker, 'reserve' | 'finish'>;
  /** Partitions whose queues this instance consumes. */
  readonly owned: () => readonly number[];
}

/** What a saga makes of what it is about to be told, as the end of its transaction, before that stands. */
export class SagaSequels {
  constructor(private readonly parts: SagaSequelParts) {}

  /** Undefined where the saga is not in hand, is busy, or would have to do more than append a row. */
  find(message: OutboundMessage): Sequel | undefined {
    const { correlationid: saga = '' } = message.event;
    const booked = this.isTracked(message) ? this.parts.book.inMemory(saga) : undefined;
    const leave = booked && this.parts.tracker.reserve(saga);
    if (booked === undefined || leave === undefined) return undefined;
    let sequel: Sequel | undefined;
    try {
      sequel = this.decided(message, booked, leave);
      return sequel;
    } finally {
      if (sequel === undefined) leave();
    }
  }

  private isTracked(message: OutboundMessage): boolean {
    const { event } = message;
    if (isAboutTransaction(event) || SubSagas.isAbout(event) || isClaimed(event)) return false;
    return isForOwn(message, this.parts.owned());
  }

  private decided(message: OutboundMessage, booked: BookedSaga, leave: () => void): Sequel | undefined {
    const { gaps, clock } = this.parts;
    const { saga, partition } = booked.state;
    const since = clock.now();
    let outcome: Outcome = DONE;
    const context = handedContext(message, trackerQueue(partition));
    const resolve = (came: Outcome): void => void (outcome = came);
    const waiting = [{ context, since, resolve, reject: () => undefined }];
    const turn = decideTurn({ saga, booked, waiting }, { now: since, gapSince: gaps.gapSince(partition) });
    const { row, next } = turn;
    // A wait for an event is to be found before it is told.
    if (row === undefined || tellsOfWait(next)) return undefined;
    const spans = trackSpans([turn]);
    const end = (): void => {
      leave();
      spans?.end();
    };
    return {
      telling: { row, publish: publishedWithRow(next) },
      settled: (result) => {
        try {
          this.settle(turn, result);
        } finally {
          end();
        }
        return stands(result) && outcome.kind === 'done' ? outcome : undefined;
      },
      unknown: (error) => {
        this.parts.book.forget(saga);
        spans?.failed(error);
        end();
      },
    };
  }

  private settle(turn: DecidedTurn, result: TellingResult | undefined): void {
    if (result === 'conflict') this.parts.book.forget(turn.saga);
    if (stands(result))
      this.parts.tracker.finish(turn, { left: result === 'told' ? [] : turn.next.unpublished });
  }
}

function stands(result: TellingResult | undefined): boolean {
  return result === 'appended' || result === 'told';
}
