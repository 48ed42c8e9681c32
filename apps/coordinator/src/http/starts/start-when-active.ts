import { setTimeout as delay } from 'node:timers/promises';
import type { ExecuteAccepted } from '@aura/contracts';
import type { Coordinator, StartRefusal, StartRequest } from '@aura/saga';
import { startRefused } from '../problems/known-problems';

/** How patient a start is. */
export interface Patience {
  /** Milliseconds in which participants of the workflow may still come. */
  readonly participantsMs: number;
  /** Aborts when nobody waits any more; then nothing is started. */
  readonly signal: AbortSignal;
  /** What a workflow waits for that cannot be published yet; undefined when none of this name is to come. */
  readonly pending: (workflow: string) => readonly string[] | undefined;
}

/** Wait between two tries, ms. */
const AGAIN_MS = 100;

/** Starts a saga; while its workflow waits for participants, tries again for a while, then names them (409). */
export async function startWhenActive(
  coordinator: Pick<Coordinator, 'start'>,
  request: StartRequest,
  patience: Patience,
): Promise<ExecuteAccepted> {
  const deadline = performance.now() + patience.participantsMs;
  for (;;) {
    const started = await coordinator.start(request);
    if (started.ok) return started.value;
    const refusal = withPending(started.error, request, patience);
    if (!mayBecomeActive(refusal) || performance.now() >= deadline) throw startRefused(refusal);
    await delay(AGAIN_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    if (patience.signal.aborted) throw startRefused(refusal);
  }
}

/** Whether participants can still come: a workflow that is retired waits for none. */
function mayBecomeActive({ code, waitsFor }: StartRefusal): boolean {
  return code === 'NOT_ACTIVE' && waitsFor !== undefined;
}

/** What ships with Aura is known before it can be published: nobody has offered its actions so far. */
function withPending(refusal: StartRefusal, { workflow }: StartRequest, { pending }: Patience): StartRefusal {
  const waitsFor = refusal.code === 'UNKNOWN_WORKFLOW' ? pending(workflow) : undefined;
  if (waitsFor === undefined) return refusal;
  return {
    code: 'NOT_ACTIVE',
    message: `workflow ${workflow} waits for its participants: ${waitsFor.join('; ')}`,
    help: 'Start the services that offer these actions, or wait until they have announced themselves.',
    waitsFor,
  };
}
