import type { CloudEvent, ErrorRecord } from '@aura/contracts';
import { BusinessError, stepStream, StoreUnavailableError, TerminalError } from '@aura/kernel';
import type { Log, World } from '@aura/kernel';
import { errorRecordOf, failSpan, heldByStore } from '@aura/messaging';
import type { OutboundMessage, Outcome } from '@aura/messaging';
import { contention } from '../barrier/held-error';
import { endIn, recordEnd } from '../barrier/recorded-end';
import type { BarrierJournal } from '../barrier/recorded-end';
import { failedEvent, endMessages } from './step-messages';
import { aboutTask } from './step-observer';
import type { StepTask } from './step-task';

/** What a failure needs of its participant. */
export interface FailurePorts extends BarrierJournal {
  readonly world: World;
  readonly log: Log;
}

interface Failure {
  readonly error: ErrorRecord;
  readonly attempts: number;
  readonly deadLetterId?: string;
}

/**
 * What becomes of a task whose work threw: a store that is away is waited for, a refusal ends the step at once, what
 * can never work goes to the dead letters, and the rest climbs the ladder.
 */
export async function failureOutcome(ports: FailurePorts, task: StepTask, cause: unknown): Promise<Outcome> {
  const targets = [task.key.step];
  if (task.span !== undefined) failSpan(task.span, cause);
  if (cause instanceof StoreUnavailableError) return heldByStore(cause, targets);
  if (cause instanceof BusinessError) {
    const failure = { error: errorRecordOf(cause, 'business'), attempts: task.attempt };
    ports.log.info('step refused', { ...aboutTask(task), code: failure.error.code, attempt: task.attempt });
    return { kind: 'done', publish: await failed(ports, task, failure) };
  }
  const error = errorRecordOf(cause, 'technical');
  const onDead = (deadLetterId: string, attempts: number): Promise<readonly OutboundMessage[]> =>
    failed(ports, task, { error, attempts, deadLetterId });
  if (cause instanceof TerminalError) return { kind: 'dead', error, targets, onDead };
  return { kind: 'retry', error, targets, schedule: task.step.retry, onDead, ...contention(cause) };
}

async function failed(
  ports: FailurePorts,
  task: StepTask,
  failure: Failure,
): Promise<readonly OutboundMessage[]> {
  const events = await eventsOf(ports, task, failure);
  return endMessages(task, events);
}

/**
 * A failure is recorded where it becomes the step's end; otherwise a later success may still outrank it. What another
 * trigger recorded meanwhile stands.
 */
async function eventsOf(
  { world, ...stores }: FailurePorts,
  task: StepTask,
  failure: Failure,
): Promise<readonly CloudEvent[]> {
  const nowMs = world.clock.now();
  const end = { events: [failedEvent(task, failure, nowMs)] };
  if (!task.step.recordsEnd) return end.events;
  const rows = await stores.journal.read(stepStream(task.key));
  const standing = endIn(rows);
  if (standing !== undefined) return standing.events;
  if (!becomesEnd(task, failure.error)) return end.events;
  return (await recordEnd(stores, task.key, end, { nowMs, rows })).events;
}

/** A stateful claim that stands will be continued by a later trigger: a technical failure does not take its key. */
function becomesEnd({ step }: StepTask, { kind }: ErrorRecord): boolean {
  if (kind === 'business') return true;
  const { policy } = step.failure;
  return step.kind !== 'stateful' && (policy === 'continue' || policy === 'fallback');
}
