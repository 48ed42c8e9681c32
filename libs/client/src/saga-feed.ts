import { hasEnded, sagaStatus, type SagaFeedEntry, type SagaStatus } from '@aura/contracts';
import { AuraUnreachableError, UnexpectedAnswerError } from './errors';
import { FeedConnection, type FeedItem } from './feed-connection';
import type { Retries } from './retries';
import type { Transport } from './transport';

/** Which part of a saga's feed is wanted. */
export interface FeedOptions {
  /** Sequence of the newest entry that is known already; default 0: from the beginning. */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

/** How a feed behaves when its connection does not. */
export interface FeedRetries {
  readonly retries: Retries;
  /** Milliseconds without a byte after which a connection is taken for dead. */
  readonly quietMs: number;
}

interface OpenedFeed {
  readonly connection: FeedConnection;
  readonly first: FeedItem;
}

/** The saga's state when the entry is the saga's own, not a step's. */
export function sagaStatusOf(entry: SagaFeedEntry): SagaStatus | undefined {
  return entry.step === undefined ? sagaStatus.safeParse(entry.status).data : undefined;
}

/**
 * One entry of a saga's feed: what became of a step, or of the saga as a whole. `type` is the CloudEvent's type, `data` its
 * payload where the feed shows one.
 */
export type SagaEvent =
  | (SagaFeedEntry & { readonly kind: 'saga'; readonly status: SagaStatus })
  | (SagaFeedEntry & { readonly kind: 'step'; readonly step: string });

function eventOf(entry: SagaFeedEntry): SagaEvent {
  const { step } = entry;
  return step === undefined
    ? { ...entry, kind: 'saga', status: sagaStatus.parse(entry.status) }
    : { ...entry, kind: 'step', step };
}

/**
 * A saga's feed in order, each entry once, over as many connections as it takes: a new one goes on behind the last
 * entry. Ends with the saga. Rejects when Aura stays unreachable, or answers with a problem.
 */
export async function* sagaFeed(
  transport: Transport,
  sagaId: string,
  feeds: FeedRetries,
  options: FeedOptions = {},
): AsyncGenerator<SagaEvent, void> {
  let after = options.after ?? 0;
  for (;;) {
    const open = (): Promise<OpenedFeed | undefined> =>
      openFeed(transport, sagaId, feeds, { ...options, after });
    const opened = await feeds.retries.execute(open, options.signal);
    if (opened === undefined) return;
    for await (const entry of entriesOf(opened, transport, options.signal)) {
      if (entry.sequence <= after) continue;
      after = entry.sequence;
      yield eventOf(entry);
      if (endsFeed(entry)) return;
    }
  }
}

function endsFeed(entry: SagaFeedEntry): boolean {
  const status = sagaStatusOf(entry);
  return status !== undefined && hasEnded(status);
}

/** Opens a connection and waits for a sign of life, so that one that closes at once counts as a failure. */
async function openFeed(
  transport: Transport,
  sagaId: string,
  { quietMs }: FeedRetries,
  { after = 0, signal }: FeedOptions,
): Promise<OpenedFeed | undefined> {
  const response = await transport.open({
    method: 'GET',
    path: `/api/v1/workflows/${encodeURIComponent(sagaId)}/events`,
    headers: { accept: 'text/event-stream', ...(after > 0 ? { 'last-event-id': String(after) } : {}) },
    repeatable: true,
    streams: true,
    ...(signal ? { signal } : {}),
  });
  if (response.status === 204) return undefined;
  if (response.body === null) throw new UnexpectedAnswerError(transport.url, 'the feed has no body');
  const connection = new FeedConnection(response.body, transport.url, quietMs);
  try {
    const first = await nextOf(connection, transport, signal);
    if (first !== undefined) return { connection, first };
    throw new AuraUnreachableError(transport.url, 'the feed was closed before it brought anything');
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** What one connection brings until it ends or breaks; both mean: open the next. */
async function* entriesOf(
  { connection, first }: OpenedFeed,
  transport: Transport,
  signal?: AbortSignal,
): AsyncGenerator<SagaFeedEntry, void> {
  try {
    let item: FeedItem | undefined = first;
    while (item !== undefined) {
      if (item !== 'heartbeat') yield item;
      item = await nextOf(connection, transport, signal);
    }
  } catch (error) {
    if (!(error instanceof AuraUnreachableError)) throw error;
  } finally {
    await connection.close();
  }
}

function nextOf(
  connection: FeedConnection,
  transport: Transport,
  signal?: AbortSignal,
): Promise<FeedItem | undefined> {
  return transport.answered(() => connection.next(), signal);
}
