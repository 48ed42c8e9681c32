import { sagaDetail, type ExecuteAccepted, type SagaDetail, type SagaFeedEntry } from '@aura/contracts';
import { ExponentialBackoff, handleWhenResult, retry } from 'cockatiel';
import { SagaNotCompletedError, UnexpectedAnswerError } from './errors';
import { isSettled, sagaFeed, sagaStatusOf, type FeedOptions, type FeedRetries } from './saga-feed';
import type { Transport } from './transport';

/** What an abort can be given to. */
export interface AbortOption {
  readonly signal?: AbortSignal;
}

/** One saga, seen from outside. Making a handle asks nothing of Aura. */
export interface SagaHandle {
  readonly sagaId: string;
  /** The feed in order, each entry once, reconnecting behind the last one; ends with the saga. */
  events(options?: FeedOptions): AsyncIterable<SagaFeedEntry>;
  /**
   * How the saga stands when it goes no further by itself: it has ended, or its compensation failed and a person
   * must look. Never rejects because of how it ended.
   */
  ended(options?: AbortOption): Promise<SagaDetail>;
  /** The same for a saga that completed; rejects with `SagaNotCompletedError` for any other. */
  completed(options?: AbortOption): Promise<SagaDetail>;
}

/** A saga that was just started. `accepted.duplicate`: the same key had started it before. */
export interface StartedSaga extends SagaHandle {
  readonly accepted: ExecuteAccepted;
}

/** The view may be a moment behind the feed: 20 looks, from 20 ms apart to half a second. */
const untilSettled = retry(
  handleWhenResult((saga) => !isSettled((saga as SagaDetail).status)),
  { maxAttempts: 20, backoff: new ExponentialBackoff({ initialDelay: 20, maxDelay: 500 }) },
);

/** Makes a handle of a saga. */
export function sagaHandle(transport: Transport, sagaId: string, retries: FeedRetries): SagaHandle {
  const events = (options?: FeedOptions): AsyncIterable<SagaFeedEntry> =>
    sagaFeed(transport, sagaId, retries, options);

  const ended = async (options: AbortOption = {}): Promise<SagaDetail> => {
    for await (const entry of events(options)) {
      const status = sagaStatusOf(entry);
      if (status !== undefined && isSettled(status)) break;
    }
    const saga = await untilSettled.execute(() => getSaga(transport, sagaId, options), options.signal);
    if (isSettled(saga.status)) return saga;
    throw new UnexpectedAnswerError(
      transport.url,
      `the feed of ${sagaId} has ended, the saga is ${saga.status}`,
    );
  };

  const completed = async (options?: AbortOption): Promise<SagaDetail> => {
    const saga = await ended(options);
    if (saga.status === 'completed') return saga;
    throw new SagaNotCompletedError(saga);
  };

  return { sagaId, events, ended, completed };
}

/** A saga as it stands now. */
export function getSaga(
  transport: Transport,
  sagaId: string,
  { signal }: AbortOption = {},
): Promise<SagaDetail> {
  return transport.ask(
    {
      method: 'GET',
      path: `/api/v1/workflows/${encodeURIComponent(sagaId)}`,
      repeatable: true,
      ...(signal ? { signal } : {}),
    },
    sagaDetail,
  );
}
