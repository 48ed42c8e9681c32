import { hasEnded, type SagaDetail } from '@aura/contracts';
import type { Coordinator } from '@aura/saga';

/** The saga once it has ended; as it stands when the signal aborts before. */
export async function untilEnded(
  coordinator: Pick<Coordinator, 'find' | 'feed'>,
  sagaId: string,
  signal: AbortSignal,
): Promise<SagaDetail | undefined> {
  // The feed ends with the saga. What it says is not needed: the end is read from the journal behind it.
  for await (const entry of coordinator.feed(sagaId, 0, signal)) {
    if (signal.aborted || (entry.step === undefined && isEnd(entry.status))) break;
  }
  return coordinator.find(sagaId);
}

function isEnd(status: string): boolean {
  return hasEnded(status as SagaDetail['status']);
}
