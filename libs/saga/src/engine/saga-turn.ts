import type { JournalRow } from '@aura/kernel';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import type { BookedSaga } from './booked-saga';

/** A delivery of a saga that waits for its answer. */
export interface TrackedDelivery {
  readonly context: DeliveryContext;
  /** When it came, ms since 1970: the saga's view lacks it from then on. */
  readonly since: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

/** What is taken together of one saga. */
export interface TakenDeliveries {
  readonly saga: string;
  readonly waiting: readonly TrackedDelivery[];
}

/** The same, with the saga as it stands. */
export interface SagaTurn extends TakenDeliveries {
  readonly booked: BookedSaga;
}

/** What it comes to: a row, where something is news, and the saga behind it. */
export interface DecidedTurn extends SagaTurn {
  readonly next: BookedSaga;
  readonly row: JournalRow | undefined;
  /** Nothing was decided on something that may be news in a state that this instance does not know. */
  readonly isDoubtful?: boolean;
}
