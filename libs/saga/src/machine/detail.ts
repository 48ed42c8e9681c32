import type { JsonValue, SagaDetail, SagaFeedEntry, StepDetail } from '@aura/contracts';
import {
  sagaCompensationFailed,
  sagaCompleted,
  sagaFailed,
  sagaStarted,
  sagaStepRetried,
  sagaSuspended,
  stepFallbackRequested,
} from '@aura/contracts';
import { never } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import type { PaidEntry, SagaEntry } from './entry';
import { isOwnStep, isTriggered } from './progress';
import { entriesOf } from './row';
import { stepOf } from './state';
import type { SagaState } from './state';
import type { GapSince } from './timers';
import { waitingOf } from './waiting';

/** A saga as clients see it. `now`: ms since 1970, for the duration of one that goes on. */
export function detailOf(
  compiled: CompiledPlan,
  state: SagaState,
  now: number,
  gapSince: GapSince,
): SagaDetail {
  const { plan } = compiled;
  const waiting = waitingOf(compiled, state, gapSince);
  return {
    sagaId: state.saga,
    workflow: plan.definition,
    version: plan.version,
    status: state.status,
    run: state.run,
    input: mutable(state.input),
    ...(state.userId === undefined ? {} : { userId: state.userId }),
    ...(state.output === undefined ? {} : { output: mutable(state.output) }),
    ...(state.error === undefined ? {} : { error: state.error }),
    ...(state.failedStep === undefined ? {} : { failedStep: state.failedStep }),
    ...(state.applied === undefined || state.applied.length === 0 ? {} : { applied: [...state.applied] }),
    startedAt: iso(state.startedAt),
    ...(state.endedAt === undefined ? {} : { endedAt: iso(state.endedAt) }),
    durationMs: (state.endedAt ?? now) - state.startedAt,
    steps: plan.steps.filter((step) => isShown(state, step)).map((step) => stepDetail(state, step)),
    sequence: state.sequence,
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
    run: state.run,
    epoch: own.epoch,
    attempts: own.attempts,
    ...(isOut ? { startedAt: startedAt(state, step) } : {}),
    ...(own.event === undefined ? {} : { endedAt: own.event.time }),
    ...(own.output === undefined ? {} : { output: mutable(own.output) }),
    ...(own.error === undefined ? {} : { error: own.error }),
    ...(own.deadLetterId === undefined ? {} : { deadLetterId: own.deadLetterId }),
    ...(own.endedBy === undefined ? {} : { byFallback: true }),
  };
}

/** A step begins when the last event it waited for happened. */
function startedAt(state: SagaState, step: PlanStep): string {
  const { requestedAt } = stepOf(state, step.id);
  if (requestedAt !== undefined) return iso(requestedAt);
  const times = step.dependencies.flatMap((id) => stepOf(state, id).event?.time ?? []).sort();
  return (step.join === 'any' ? times[0] : times.at(-1)) ?? iso(state.startedAt);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Zod's JSON type is not readonly; the value is only written out. */
function mutable(value: JsonValue): SagaDetail['input'] {
  return value as SagaDetail['input'];
}

/** The feed entries of a saga's rows, with their sequence from `from` on (the first entry of the saga is 1). */
export function feedOf(rows: readonly JournalRow[], from: number): readonly SagaFeedEntry[] {
  let sequence = from - 1;
  return rows.flatMap((row) =>
    entriesOf(row).map((paid) => {
      sequence += 1;
      return { sequence, ...feedEntry(paid, row.at) };
    }),
  );
}

function feedEntry({ entry, payload }: PaidEntry, at: number): Omit<SagaFeedEntry, 'sequence'> {
  const data = payload === undefined ? {} : { data: mutable(payload) };
  return { time: iso(at), ...told(entry), ...data };
}

function told(
  entry: SagaEntry,
):
  Pick<SagaFeedEntry, 'type' | 'step' | 'status' | 'time'> | Pick<SagaFeedEntry, 'type' | 'step' | 'status'> {
  switch (entry.kind) {
    case 'started':
      return { type: sagaStarted.type, status: 'running' };
    case 'stepEnded':
      return { type: entry.event.type, step: entry.step, status: entry.end, time: entry.event.time };
    case 'stepAsked':
      return { type: sagaStepRetried.type, step: entry.step, status: 'triggered' };
    case 'fallbackAsked':
      return { type: stepFallbackRequested.type, step: entry.node, status: 'triggered' };
    case 'ended':
      return {
        type: entry.status === 'completed' ? sagaCompleted.type : sagaFailed.type,
        status: entry.status,
      };
    case 'stopped':
      return {
        type: entry.status === 'suspended' ? sagaSuspended.type : sagaCompensationFailed.type,
        status: entry.status,
      };
    default:
      return never(entry);
  }
}
