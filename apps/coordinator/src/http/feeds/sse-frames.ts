import { setTimeout as delay } from 'node:timers/promises';
import type { SagaFeedEntry } from '@aura/contracts';

/** How an event stream paces itself and when it stops. */
export interface SseOptions {
  /** Milliseconds of quiet after which a comment is sent. */
  readonly heartbeatMs: number;
  /** Milliseconds that a reader may take for one frame. */
  readonly slowMs: number;
  /** Gets a reader that takes longer, to cut it. */
  readonly onSlow: () => void;
  readonly signal: AbortSignal;
}

/** What a client is told to wait before it connects again. */
const RECONNECT_MS = 1000;

/**
 * A saga's feed as server-sent events. Each entry is one frame, `id:` its sequence and `data:` its JSON; there is no
 * `event:` field, so that `EventSource.onmessage` sees all of them (the type stands in the data). The first frame
 * comes at once and carries `retry:`. Ends with the feed, or quietly when the signal aborts.
 *
 * Nothing is read ahead: the next entry is asked for when the one before has been taken, so a slow reader holds
 * one entry and not the feed; one that takes none for `slowMs` is told of by `onSlow`.
 */
export async function* sseFrames(
  entries: AsyncIterable<SagaFeedEntry>,
  options: SseOptions,
): AsyncGenerator<string, void> {
  const iterator = entries[Symbol.asyncIterator]();
  try {
    yield* taken(`retry: ${RECONNECT_MS}\n\n`, options);
    let pending = ask(iterator);
    while (!options.signal.aborted) {
      const next = await nextOrHeartbeat(pending, options);
      if (next === 'heartbeat') {
        yield* taken(': heartbeat\n\n', options);
        continue;
      }
      if (next === 'aborted' || next.done) return;
      yield* taken(frameOf(next.value), options);
      pending = ask(iterator);
    }
  } finally {
    await iterator.return?.();
  }
}

/** Hands a frame out; a generator goes on when its reader wants the next one. */
function* taken(frame: string, { slowMs, onSlow }: SseOptions): Generator<string, void> {
  const slow = setTimeout(onSlow, slowMs);
  try {
    yield frame;
  } finally {
    clearTimeout(slow);
  }
}

function ask(iterator: AsyncIterator<SagaFeedEntry>): Promise<IteratorResult<SagaFeedEntry>> {
  const next = iterator.next();
  // Whoever waits for it gets its error; but a feed may also be aborted when nobody waits any more.
  next.catch(() => undefined);
  return next;
}

type Next = IteratorResult<SagaFeedEntry> | 'heartbeat' | 'aborted';

async function nextOrHeartbeat(
  pending: Promise<IteratorResult<SagaFeedEntry>>,
  { heartbeatMs, signal }: SseOptions,
): Promise<Next> {
  const answered = new AbortController();
  const quiet = delay(heartbeatMs, 'heartbeat' as const, {
    signal: AbortSignal.any([signal, answered.signal]),
  }).catch((): 'aborted' => 'aborted');
  try {
    return await Promise.race([pending, quiet]);
  } catch (error) {
    // A feed may answer an abort by throwing; that is the end that was asked for.
    if (signal.aborted) return 'aborted';
    throw error;
  } finally {
    answered.abort();
  }
}

function frameOf(entry: SagaFeedEntry): string {
  // JSON text holds no line break, so one `data:` line is the whole entry.
  return `id: ${entry.sequence}\ndata: ${JSON.stringify(entry)}\n\n`;
}
