import { stepSkipped } from '@aura/contracts';
import type { ErrorRecord } from '@aura/contracts';
import { conditionOf, evaluateMapping, isCommand } from '@aura/workflow';
import type { PlanStep, Scope } from '@aura/workflow';
import { isUpstreamKnown, nodeOf, outputsOf, upstreamOf, verdictOf } from '../progress';
import type { ArrivalInput, ChildEndInput } from '../saga-input';
import { stepOf, stepRunOf } from '../state';
import type { StepEnd } from '../state';
import type { TurnBuilder } from '../turn';
import { openStep } from './begun';
import { kindOf } from './kinds';
import { present } from '../present';

/**
 * Begins or skips the steps that live in the coordinator and whose time has come. The plan names each behind those it
 * waits for, so that what one skips the next one sees.
 */
export function beginSteps(turn: TurnBuilder): void {
  for (const step of turn.compiled.plan.steps) {
    const own = stepOf(turn.state, step.id);
    if (!isCommand(step) && own.end === undefined && openStep(own) === undefined) beginOrSkip(turn, step);
  }
}

function beginOrSkip(turn: TurnBuilder, step: PlanStep): void {
  const verdict = verdictOf(turn.state, step);
  if (verdict === 'wait' || !isUpstreamKnown(turn.compiled, turn.state, step)) return;
  if (verdict === 'skip') return skip(turn, step, 'a step it depends on was skipped');
  const scope = scopeAt(turn, step);
  const met = conditionOf(turn.compiled, { step, scope });
  if (!met.ok) return turn.fail(step, failure(met.error));
  if (!met.value) return skip(turn, step, ['its condition is false', step.when].join(': '));
  begin(turn, step, scope);
}

function begin(turn: TurnBuilder, step: PlanStep, scope: Scope): void {
  const { builtIn } = step;
  if (builtIn === undefined) return;
  const input = evaluateMapping(step.input, scope) ?? {};
  kindOf(builtIn).begin(turn, step, input, stepOf(turn.state, step.id).begun);
}

/** A timer of a step that lives in the coordinator is due. */
export function onBuiltInTimer(turn: TurnBuilder, step: PlanStep, id: string): void {
  const begun = openStep(stepOf(turn.state, step.id));
  if (begun !== undefined && step.builtIn !== undefined) kindOf(step.builtIn).onTimer(turn, step, begun, id);
}

/** An event came for a step that waits, or waited, for it. */
export function takeArrival(turn: TurnBuilder, arrival: ArrivalInput): void {
  const step = nodeOf(turn.compiled, arrival.step);
  const { status } = turn.state;
  const begun = openStep(stepOf(turn.state, step.id));
  if (begun === undefined || step.builtIn === undefined) return;
  if (arrival.run !== stepRunOf(turn.state, step.id)) return;
  if (status === 'running' || status === 'suspended')
    kindOf(step.builtIn).onArrival?.(turn, step, begun, arrival);
}

/** A sub-saga ended; what is told of an earlier run is of the past. */
export function takeChildEnd(turn: TurnBuilder, end: ChildEndInput): void {
  const step = nodeOf(turn.compiled, end.step);
  const { begun } = stepOf(turn.state, step.id);
  if (begun === undefined || step.builtIn === undefined) return;
  if (end.run === stepRunOf(turn.state, step.id)) kindOf(step.builtIn).onChildEnd?.(turn, step, begun, end);
}

/** What a participant's runtime would have gathered from the step's triggers. */
function scopeAt({ compiled, state }: TurnBuilder, step: PlanStep): Scope {
  const ends = step.dependencies.flatMap((id): readonly (readonly [string, StepEnd | undefined])[] => [
    [id, stepOf(state, id).end],
  ]);
  return {
    input: state.input,
    outputs: outputsOf(compiled, state, upstreamOf(compiled, step)),
    statuses: Object.fromEntries(
      ends.flatMap(([id, end]) => (end === undefined || end === 'failed' ? [] : [[id, end] as const])),
    ),
  };
}

function skip(turn: TurnBuilder, step: PlanStep, reason: string): void {
  turn.end(step, 'skipped', { reason, type: stepSkipped.type });
}

function failure({ code, message, help }: { code: string; message: string; help?: string }): ErrorRecord {
  return { kind: 'technical', code, message, ...present({ help }) };
}
