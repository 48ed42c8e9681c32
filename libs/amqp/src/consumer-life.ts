import type { Channel } from 'amqplib';
import type { Window } from './window';

/** One way of taking from the queue; the broker knows it by its tag. */
export interface Taking {
  tag: string;
  readonly prefetch: number;
}

/** One channel of the consumer, from its opening to its loss. */
export interface Life {
  readonly channel: Channel;
  readonly window: Window;
  taking: Taking | undefined;
  /** Something without suspicion came: the full prefetch is safe. */
  isProven: boolean;
  /** A suspect is in the window: nothing else is taken until it is empty. */
  isQuarantined: boolean;
}
