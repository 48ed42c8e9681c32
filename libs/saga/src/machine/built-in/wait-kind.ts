import type { ErrorRecord, JsonValue } from '@aura/contracts';
import { MOST_STATE_CHARACTERS, stateSizeOf } from '@aura/kernel';
import { valueAt } from '@aura/workflow';
import type { PlanStep, WaitStep } from '@aura/workflow';
import { timeoutError, tooLarge } from '../saga-errors';
import type { GapSince } from '../gap-since';
import type { TurnBuilder } from '../turn';
import type { BuiltInKind } from './built-in-kind';
import type { Begun, WaitState } from './built-in-state';

/**
 * Waits for a time or an event. A span of time is measured as every time limit is, a date by the clock alone. An event
 * that does not come within the step's timeout is the step's failure.
 */
export const waitKind: BuiltInKind = {
  begin(turn, step, input) {
    const asked = waitOf(turn, step, input);
    if ('code' in asked) return turn.fail(step, asked);
    turn.add({ kind: 'stepBegun', step: step.id, builtIn: asked });
  },
  timers: (step, begun, gapSince) => [
    { id: `wait/${step.id}/${begun.epoch}`, until: untilOf(step, begun, gapSince) },
  ],
  onTimer(turn, step, begun) {
    const { on } = waitIn(begun);
    if (on !== undefined) return turn.fail(step, timeoutOf(step, begun));
    const until = untilOf(step, begun, turn.clock.gapSince);
    turn.end(step, 'completed', { output: { until: new Date(until).toISOString() }, type: step.emits });
  },
  onArrival(turn, step, begun, { event: { type, source, id }, data }) {
    if (waitIn(begun).on !== type) return;
    if (turn.state.size + stateSizeOf(data) > MOST_STATE_CHARACTERS)
      return turn.fail(step, tooLarge(`the data of ${type} ${id}`));
    turn.end(step, 'completed', { output: data, cause: { source, id }, type: step.emits });
  },
  waitsFor(step, begun) {
    const { on, key } = waitIn(begun);
    return on === undefined
      ? `the time of step ${step.id}`
      : `${on} with key ${String(key)} (step ${step.id})`;
  },
};

function waitOf({ state }: TurnBuilder, step: PlanStep, input: JsonValue): WaitState | ErrorRecord {
  const { forMs, on, correlate } = askedOf(step);
  if (forMs !== undefined) return { type: 'wait', forMs };
  if (on === undefined) return dateOf(step, valueAt(input, ['until']));
  const key = correlate === undefined ? state.saga : valueAt(input, ['match']);
  if ((typeof key === 'string' && key !== '') || typeof key === 'number')
    return { type: 'wait', on, key: String(key) };
  return invalid(step, `match gives ${text(key)}, which is no key: a text or a number is needed`);
}

function askedOf({ builtIn }: PlanStep): WaitStep {
  return builtIn?.type === 'wait' ? builtIn : { type: 'wait' };
}

/** RFC 3339 with a zone: without one nobody knows which time is meant. */
const TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/;

function dateOf(step: PlanStep, value: JsonValue | undefined): WaitState | ErrorRecord {
  const until = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : NaN;
  if (!Number.isNaN(until)) return { type: 'wait', until };
  return invalid(step, `until gives ${text(value)}, which is no time such as 2030-01-31T12:00:00Z`);
}

function text(value: JsonValue | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100);
}

function invalid({ id }: PlanStep, reason: string): ErrorRecord {
  return {
    kind: 'technical',
    code: 'INVALID_WAIT',
    message: `step ${id} cannot wait: ${reason}`,
    help: 'Mend the mapping of the wait in the definition, or what it reads.',
  };
}

function waitIn({ builtIn }: Begun): WaitState {
  return builtIn.type === 'wait' ? builtIn : { type: 'wait' };
}

function untilOf(step: PlanStep, begun: Begun, gapSince: GapSince): number {
  const { until, forMs } = waitIn(begun);
  return until ?? begun.at + gapSince(begun.at) + (forMs ?? step.timeoutMs);
}

function timeoutOf({ id, timeoutMs }: PlanStep, begun: Begun): ErrorRecord {
  const { on, key } = waitIn(begun);
  const message = `no ${String(on)} with key ${String(key)} came for step ${id} within ${timeoutMs} ms`;
  return timeoutError(message, 'WAIT_TIMEOUT');
}
