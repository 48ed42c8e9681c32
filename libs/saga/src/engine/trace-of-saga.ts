import { sagaStream } from '@aura/kernel';
import type { Journal } from '@aura/kernel';
import type { TraceContext } from '@aura/messaging';
import { startOf } from '../machine/row';

/**
 * What the events of a saga go on from: empty where nobody traced its start, undefined when there is no such saga. Reads
 * one row. Errors: `StoreUnavailableError`.
 */
export async function traceOfSaga(
  journal: Pick<Journal, 'findOperation'>,
  sagaId: string,
): Promise<TraceContext | undefined> {
  const row = await journal.findOperation(sagaStream(sagaId), 'start');
  if (row === undefined) return undefined;
  const { traceparent } = startOf(row).entry;
  return traceparent === undefined ? {} : { traceparent };
}
