import { stepFailed } from '@aura/contracts';
import type { ErrorRecord, JsonValue } from '@aura/contracts';
import { MOST_STATE_CHARACTERS, sagaIdOfChild, stateSizeOf } from '@aura/kernel';
import type { PlanStep } from '@aura/workflow';
import { askedAgainAfter } from '../ladder';
import { lostSince } from '../lost-time';
import { timeoutError, tooLarge } from '../saga-errors';
import type { ChildEndInput } from '../saga-input';
import { stepOf, stepRunOf } from '../state';
import type { TurnBuilder } from '../turn';
import { openStep } from './begun';
import type { BuiltInKind } from './built-in-kind';
import type { Begun, SagaStepState } from './built-in-state';
import { sagaStepOf } from './saga-step';

/** After how long a sub-saga of which nothing is heard is asked how it stands, ms; doubles up to 32 minutes. */
const ASK_AFTER_MS = 30_000;

/** CloudEvents source of the ends of such steps: it is the sub-saga that performs them. */
const SUB_SAGAS_SOURCE = '/aura/coordinator/sub-sagas';

/**
 * A step that another saga performs, with a journal of its own in the same partition. It only asks for it; the sub-saga says
 * how it ended. One that did not complete is the step's failure, one whose output is not enough is followed by another.
 */
export const sagaKind: BuiltInKind = {
  begin(turn, step, input, before) {
    const last = before?.builtIn.type === 'saga' ? before.builtIn : undefined;
    // One that has not told its end may still go on: it performs the step, and no other beside it.
    if (last !== undefined && stepOf(turn.state, step.id).cause === undefined)
      return turn.add({ kind: 'stepBegun', step: step.id, builtIn: { ...last, since: turn.clock.now } });
    follow(turn, step, { input, last, since: turn.clock.now });
  },
  timers(step, begun, gapSince, asked) {
    const { since, iteration } = sagaIn(begun);
    const name = `saga/${step.id}/${begun.epoch}`;
    const askAt = begun.at + gapSince(begun.at) + askedAgainAfter(ASK_AFTER_MS, asked);
    return [
      { id: name, until: since + lostSince(step, since, gapSince) + step.timeoutMs },
      { id: `${name}/${iteration}/${asked}`, until: askAt },
    ];
  },
  onTimer(turn, step, begun, id) {
    if (id !== `saga/${step.id}/${begun.epoch}`)
      return turn.add({ kind: 'stepAsked', step: step.id, epoch: begun.epoch, reason: 'lostSubSaga' });
    const message = `the ${nameOf(step, begun)} did not end within ${step.timeoutMs} ms`;
    turn.fail(step, timeoutError(message, 'STEP_TIMEOUT'));
  },
  onChildEnd(turn, step, begun, end) {
    const { iteration } = sagaIn(begun);
    if (end.iteration !== iteration) return;
    if (end.status === 'completed') return onCompleted(turn, step, begun, end);
    if (openStep(stepOf(turn.state, step.id)) !== undefined)
      failBy(turn, step, end, failureOf(step, begun, end));
  },
  waitsFor(step, begun, asked) {
    return `the ${nameOf(step, begun, asked)} of step ${step.id}`;
  },
};

interface Following {
  readonly input: JsonValue;
  /** The one before, of the same run. */
  readonly last: SagaStepState | undefined;
  /** When the first one of this epoch began, ms since 1970. */
  readonly since: number;
}

/** Has the next sub-saga of a step begin. */
function follow(turn: TurnBuilder, step: PlanStep, { input, last, since }: Following): void {
  const { saga } = turn.state;
  const iteration = (last?.iteration ?? 0) + 1;
  const child = sagaIdOfChild({ saga, run: stepRunOf(turn.state, step.id), step: step.id }, iteration);
  const completed = last?.completed ?? 0;
  const builtIn: SagaStepState = { type: 'saga', child, iteration, completed, since, input };
  turn.add({ kind: 'stepBegun', step: step.id, builtIn });
}

function onCompleted(turn: TurnBuilder, step: PlanStep, begun: Begun, end: ChildEndInput): void {
  if (!isAwaited(turn, step)) return;
  const output = end.output ?? null;
  if (turn.state.size + stateSizeOf(output) > MOST_STATE_CHARACTERS)
    return failBy(turn, step, end, tooLarge(`the output of the ${nameOf(step, begun)}`));
  const enough = isEnough(turn, step, output);
  if (typeof enough !== 'boolean') return failBy(turn, step, end, enough);
  if (enough) complete(turn, step, end, output);
  else goRound(turn, step, begun, end);
}

/**
 * A completion stands where the step is open, and, of a step that is not repeated, also where it had failed for want of it: a
 * sub-saga that is repeated is undone once its step has failed.
 */
function isAwaited({ state }: TurnBuilder, step: PlanStep): boolean {
  const own = stepOf(state, step.id);
  if (openStep(own) !== undefined) return true;
  return own.end === 'failed' && sagaStepOf(step).repeat === undefined;
}

function isEnough({ compiled }: TurnBuilder, step: PlanStep, output: JsonValue): boolean | ErrorRecord {
  const until = compiled.untils.get(step.id);
  if (until === undefined) return true;
  const result = until.evaluate({ output });
  const value = result.ok ? result.value : undefined;
  if (typeof value === 'boolean') return value;
  const why = result.ok ? `gives ${JSON.stringify(value).slice(0, 100)}` : result.error.message;
  return {
    kind: 'condition',
    code: 'INVALID_CONDITION',
    message: `whether step ${step.id} is to be repeated cannot be said: ${why}`,
    help: 'Let until be true or false for every output of the sub-saga; has(…) asks whether something is there.',
  };
}

function complete(
  turn: TurnBuilder,
  step: PlanStep,
  { event: { id, time } }: ChildEndInput,
  output: JsonValue,
): void {
  const { epoch, attempts } = stepOf(turn.state, step.id);
  const event = { source: SUB_SAGAS_SOURCE, id, type: step.emits, time, epoch };
  turn.add(
    { kind: 'stepEnded', step: step.id, end: 'completed', by: 'participant', event, attempts },
    output,
  );
}

/** The step failed by what its sub-saga came to: tried again, another one follows. */
function failBy(turn: TurnBuilder, step: PlanStep, { event }: ChildEndInput, error: ErrorRecord): void {
  const cause = { source: event.source, id: event.id };
  turn.end(step, 'failed', { error, cause, type: stepFailed.type });
}

/** A saga that is given up begins nothing any more. */
function goRound(turn: TurnBuilder, step: PlanStep, begun: Begun, end: ChildEndInput): void {
  const { status } = turn.state;
  const max = Number(sagaStepOf(step).repeat?.max);
  if (status !== 'running' && status !== 'suspended') return;
  const state = sagaIn(begun);
  const completed = state.completed + 1;
  if (completed < max) return follow(turn, step, { ...state, last: { ...state, completed } });
  failBy(turn, step, end, {
    kind: 'technical',
    code: 'REPEATED_IN_VAIN',
    message: `step ${step.id} was repeated ${max} times, and its output is not enough yet`,
    help: 'Allow more by max, or let the step continue, fall back or suspend.',
  });
}

/** Never a refusal by rules: whether anything stands of it or of those before, it says itself when it is asked. */
function failureOf(step: PlanStep, begun: Begun, { status, error }: ChildEndInput): ErrorRecord {
  const { child } = sagaIn(begun);
  return {
    kind: 'technical',
    code: 'SUB_SAGA_FAILED',
    message: [
      `the ${nameOf(step, begun)} ended as ${status}`,
      ...(error === undefined ? [] : [error.message]),
    ].join(': '),
    help: `See what happened there by aura sagas show ${child}.`,
  };
}

function nameOf(step: PlanStep, begun: Begun, asked = 0): string {
  const { workflow, version, repeat } = sagaStepOf(step);
  const { child, completed } = sagaIn(begun);
  const which = repeat === undefined ? '' : `, ${completed + 1} of at most ${repeat.max}`;
  const again = asked === 0 ? '' : `, asked ${asked} times how it stands`;
  return `sub-saga ${child} (${workflow} ${version}${which}${again})`;
}

function sagaIn({ builtIn }: Begun): SagaStepState {
  if (builtIn.type !== 'saga') throw new TypeError(`a step of type ${builtIn.type} has no sub-saga`);
  return builtIn;
}
