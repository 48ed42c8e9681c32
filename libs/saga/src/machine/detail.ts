import type { JsonValue, SagaDetail, StepDetail } from '@aura/contracts';
import { sagaIdOfChild } from '@aura/kernel';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { standing } from './give-up';
import { present } from './present';
import { isOwnStep, isTriggered, triggersOf } from './progress';
import { stepOf, stepRunOf } from './state';
import type { SagaState } from './state';
import type { GapSince } from './gap-since';
import { waitingOf } from './waiting';

/** A saga as clients see it. `now`: ms since 1970, for the duration of one that goes on. */
export function detailOf(
  compiled: CompiledPlan,
  state: SagaState,
  now: number,
  gapSince: GapSince,
): SagaDetail {
  const { plan } = compiled;
  const { output, error, failedStep, endedAt } = state;
  const applied = state.undoing === undefined ? (state.applied ?? []) : standing(state);
  const waiting = waitingOf(compiled, state, gapSince);
  return {
    sagaId: state.saga,
    workflow: plan.definition,
    version: plan.version,
    status: state.status,
    run: state.run,
    input: mutable(state.input),
    startedAt: iso(state.startedAt),
    durationMs: (endedAt ?? now) - state.startedAt,
    steps: plan.steps.filter((step) => isShown(state, step)).map((step) => stepDetail(state, step)),
    sequence: state.sequence,
    ...parentOf(state),
    ...present({ userId: state.userId, output: mutableIf(output), error, failedStep }),
    ...present({
      applied: applied.length > 0 ? [...applied] : undefined,
      endedAt: endedAt === undefined ? undefined : iso(endedAt),
      cancelled: state.cancelled && { by: state.cancelled.actor.subject, reason: state.cancelled.reason },
    }),
    ...(waiting === undefined ? {} : { ...waiting, until: iso(waiting.until) }),
  };
}

/** A fallback node is shown once it was asked for. */
function isShown(state: SagaState, step: PlanStep): boolean {
  return isOwnStep(step) || stepOf(state, step.id).requestedAt !== undefined;
}

function stepDetail(state: SagaState, step: PlanStep): StepDetail {
  const own = stepOf(state, step.id);
  const isOut = own.end !== undefined || isTriggered(state, step);
  return {
    id: step.id,
    name: step.name,
    action: step.action,
    participant: step.participant,
    status: own.end ?? (isOut ? 'triggered' : 'waiting'),
    run: own.run ?? 1,
    epoch: own.epoch,
    attempts: own.attempts,
    ...present({
      startedAt: isOut ? startedAt(state, step) : undefined,
      endedAt: own.event?.time,
      output: mutableIf(own.output),
      error: own.error,
      deadLetterId: own.deadLetterId,
      byFallback: own.endedBy === undefined ? undefined : true,
      subSagas: subSagasOf(state, step),
    }),
  };
}

function parentOf({ parent }: SagaState): Pick<SagaDetail, 'parent'> {
  return parent === undefined ? {} : { parent: { ...parent } };
}

/** The sub-sagas of a step's run, the newest last. */
function subSagasOf(state: SagaState, { id }: PlanStep): string[] | undefined {
  const { begun } = stepOf(state, id);
  if (begun?.builtIn.type !== 'saga') return undefined;
  const key = { saga: state.saga, run: stepRunOf(state, id), step: id };
  return Array.from({ length: begun.builtIn.iteration }, (_none, n) => sagaIdOfChild(key, n + 1));
}

/** A step begins when the last event it waited for happened. */
function startedAt(state: SagaState, step: PlanStep): string {
  const { requestedAt } = stepOf(state, step.id);
  if (requestedAt !== undefined) return iso(requestedAt);
  const times = triggersOf(state, step)
    .flatMap((id) => stepOf(state, id).event?.time ?? [])
    .sort();
  const triggered = (step.join === 'any' ? times[0] : times.at(-1)) ?? iso(state.startedAt);
  const began = stepRunOf(state, step.id) === 1 ? triggered : iso(state.runAt ?? state.startedAt);
  return triggered > began ? triggered : began;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Zod's JSON type is not readonly; the value is only written out. */
function mutable(value: JsonValue): SagaDetail['input'] {
  return value as SagaDetail['input'];
}

function mutableIf(value: JsonValue | undefined): SagaDetail['input'] | undefined {
  return value === undefined ? undefined : mutable(value);
}
