import {
  hasEnded,
  sagaDetail,
  sagaEnd,
  type CancelledSaga,
  type CompensatedSaga,
  type CompletedSaga as AnyCompletedSaga,
  type ExecuteAccepted,
  type FailedSaga,
  type SagaDetail,
  type SagaStatus,
} from '@aura/contracts';
import { ExponentialBackoff } from 'cockatiel';
import { SagaNotCompletedError, UnexpectedAnswerError } from './errors';
import { pause } from './pause';
import { sagaFeed, type FeedOptions, type FeedRetries, type SagaEvent } from './saga-feed';
import type { Transport } from './transport';
import type { AnyOutput } from './workflow-types';

/** What an abort can be given to: it rejects with the signal's reason at once, and leaves nothing open. */
export interface AbortOption {
  readonly signal?: AbortSignal;
}

/** A saga that completed, with its output. */
export type CompletedSaga<Output = AnyOutput> = Omit<AnyCompletedSaga, 'output'> & {
  readonly output: Output;
};

/** How a saga can end; told apart by `status`, and closed: there is no other end. */
export type EndedSaga<Output = AnyOutput> =
  CompletedSaga<Output> | FailedSaga | CompensatedSaga | CancelledSaga;

/** One saga, seen from outside. Making a handle asks nothing of Aura. */
export interface SagaHandle<Output = AnyOutput> {
  readonly sagaId: string;
  /** The feed in order, each entry once, reconnecting behind the last one; ends with the saga. */
  events(options?: FeedOptions): AsyncIterable<SagaEvent>;
  /** How the saga ended. Never rejects because of how; waits as long as a person has to look. */
  ended(options?: AbortOption): Promise<EndedSaga<Output>>;
  /**
   * The saga, when it completed. Rejects with `SagaNotCompletedError`, which carries what results there are and the reason,
   * as soon as it cannot: it failed, was undone or cancelled, or undoing it failed.
   */
  completed(options?: AbortOption): Promise<CompletedSaga<Output>>;
}

/** A saga that was just started. `accepted.duplicate`: the same key had started it before. */
export interface StartedSaga<Output = AnyOutput> extends SagaHandle<Output> {
  readonly accepted: ExecuteAccepted;
}

/** Makes a handle of a saga. `Output` is what its workflow promises; it is believed, not checked. */
export function sagaHandle<Output = AnyOutput>(
  transport: Transport,
  sagaId: string,
  feeds: FeedRetries,
): SagaHandle<Output> {
  const events = (options?: FeedOptions): AsyncIterable<SagaEvent> =>
    sagaFeed(transport, sagaId, feeds, options);

  const until = async (isSo: (status: SagaStatus) => boolean, options: AbortOption = {}) => {
    for await (const event of events(options)) if (event.kind === 'saga' && isSo(event.status)) break;
    return standing(transport, sagaId, isSo, options);
  };

  const ended = async (options?: AbortOption): Promise<EndedSaga<Output>> =>
    endOf<Output>(transport, await until(hasEnded, options));

  const completed = async (options?: AbortOption): Promise<CompletedSaga<Output>> => {
    const saga = await until(isDecided, options);
    if (saga.status !== 'completed') throw new SagaNotCompletedError(saga);
    const end = endOf<Output>(transport, saga);
    if (end.status !== 'completed') throw new SagaNotCompletedError(saga);
    return end;
  };

  return { sagaId, events, ended, completed };
}

/** Whether it is certain that a saga has completed or never will. */
function isDecided(status: SagaStatus): boolean {
  return hasEnded(status) || status === 'compensation_failed';
}

function endOf<Output>({ url }: Transport, saga: SagaDetail): EndedSaga<Output> {
  const end = sagaEnd.safeParse(saga);
  // What a workflow gives is the workflow's promise.
  if (end.success) return end.data as EndedSaga<Output>;
  throw new UnexpectedAnswerError(
    url,
    `saga ${saga.sagaId} is ${saga.status}: ${end.error.message}`,
    end.error,
  );
}

/** The view may be a moment behind the feed: 20 looks, from 20 ms apart to half a second. */
const LOOKS = 20;
const BETWEEN_LOOKS = new ExponentialBackoff({ initialDelay: 20, maxDelay: 500 });

async function standing(
  transport: Transport,
  sagaId: string,
  isSo: (status: SagaStatus) => boolean,
  options: AbortOption,
): Promise<SagaDetail> {
  let wait = BETWEEN_LOOKS.next();
  for (let look = 1; ; look++) {
    const saga = await getSaga(transport, sagaId, options);
    if (isSo(saga.status)) return saga;
    if (look === LOOKS) {
      const reason = `the feed of ${sagaId} has ended, the saga is ${saga.status}`;
      throw new UnexpectedAnswerError(transport.url, reason);
    }
    await pause(wait.duration, options.signal);
    wait = wait.next(undefined);
  }
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
