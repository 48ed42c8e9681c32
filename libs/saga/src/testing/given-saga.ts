import { subSagaEnded } from '@aura/contracts';
import type { ErrorRecord, JsonValue } from '@aura/contracts';
import type { OutboundMessage } from '@aura/messaging';
import type { CompiledPlan } from '@aura/workflow';
import { decide, decideStart } from '../machine/decide';
import type {
  ArrivalInput,
  ChildEndInput,
  ParentAskInput,
  SagaInput,
  StepEndInput,
  UndoAnswerInput,
} from '../machine/saga-input';
import type { PaidEntry, StartedEntry } from '../machine/entry';
import { begin } from '../machine/evolve';
import { messagesOf } from '../machine/messages';
import type { EndEvent, SagaState, StepEnd } from '../machine/state';
import { NO_GAP } from '../machine/gap-since';
import type { GapSince } from '../machine/gap-since';

/** When the sagas of specs begin, ms since 1970. */
export const STARTED_AT = 1_700_000_000_000;

/** The entry that begins the sagas of specs. */
export function startedEntry(compiled: CompiledPlan): StartedEntry {
  return {
    kind: 'started',
    saga: 's1',
    digest: compiled.plan.digest,
    partition: 3,
    actor: { subject: 'tester', roles: [] },
  };
}

/** A sub-saga whose first row is written: the `iteration`-th of step `stay` of saga `p1`. */
export function begunChild(compiled: CompiledPlan, iteration = 1): SagaUnderTest {
  const parent = { saga: 'p1', run: 1, step: 'stay', iteration };
  const clock = { now: STARTED_AT, gapSince: NO_GAP };
  const { entries, state } = decideStart(compiled, { ...startedEntry(compiled), parent }, {}, clock);
  const messages = messagesOf(compiled, state, { entries, at: STARTED_AT });
  return new SagaUnderTest(compiled, state, [{ state, entries, messages, at: STARTED_AT }]);
}

/** A saga that has just begun. */
export function startedSaga(compiled: CompiledPlan, input: JsonValue = {}): SagaState {
  return begin(startedEntry(compiled), input, { seq: 1, at: STARTED_AT });
}

/** A saga whose first row is written, with what it decided there. */
export function begunSaga(compiled: CompiledPlan, input: JsonValue = {}): SagaUnderTest {
  const clock = { now: STARTED_AT, gapSince: NO_GAP };
  const { entries, state } = decideStart(compiled, startedEntry(compiled), input, clock);
  const messages = messagesOf(compiled, state, { entries, at: STARTED_AT });
  return new SagaUnderTest(compiled, state, [{ state, entries, messages, at: STARTED_AT }]);
}

/** A participant's word that a node ended. */
export function ended(
  step: string,
  end: StepEnd,
  more: {
    readonly output?: JsonValue;
    readonly reason?: string;
    readonly error?: ErrorRecord;
    readonly epoch?: number;
    readonly run?: number;
  } = {},
): StepEndInput {
  const { output, reason, error, epoch = 1, run = 1 } = more;
  const type =
    end === 'completed' ? `test.${step.replace(/\.fallback$/, '')}.done.v1` : `ai.aura.step.${end}.v1`;
  return {
    kind: 'stepEnd',
    step,
    run,
    end,
    attempts: 1,
    event: {
      source: `/aura/${step}-service`,
      id: `s1/${run}/${step}/${epoch}/${type}`,
      type,
      time: '2023-11-14T22:13:20.000Z',
      epoch,
    },
    ...(output === undefined ? {} : { output }),
    ...(reason === undefined ? {} : { reason }),
    ...(error === undefined ? {} : { error }),
  };
}

/** A step that completed, with an output that names it. */
export function completed(step: string, output: JsonValue = { by: step }): StepEndInput {
  return ended(step, 'completed', { output });
}

/** A step that failed for good. */
export function failed(step: string, code = 'BROKEN'): StepEndInput {
  return ended(step, 'failed', { error: { kind: 'technical', code, message: `${step} is broken` } });
}

/** An event that a step waits for. */
export function arrived(step: string, id: string, data: JsonValue = { by: 'kim' }, run = 1): ArrivalInput {
  return { kind: 'arrival', step, run, event: { source: '/shop', id, type: 'com.shop.paid.v1' }, data };
}

/** How a sub-saga of a step ended. */
export function childEnded(
  step: string,
  status: ChildEndInput['status'],
  more: Partial<Pick<ChildEndInput, 'iteration' | 'run' | 'output' | 'error'>> = {},
): ChildEndInput {
  const event: EndEvent = {
    source: '/aura/coordinator',
    id: `saga/c${more.iteration ?? 1}/ended/${status}`,
    type: subSagaEnded.type,
    time: '2023-11-14T22:13:20.000Z',
    epoch: 1,
  };
  return { kind: 'childEnd', step, run: 1, iteration: 1, status, event, ...more };
}

/** What a sub-saga's parent asks for. */
export function parentAsks(mode: ParentAskInput['mode'], epoch = 1, undone = false): ParentAskInput {
  const error: ErrorRecord = { kind: 'technical', code: 'BROKEN', message: 'the parent is broken' };
  return { kind: 'parentAsk', mode, epoch, undone, error };
}

/** A participant's answer to an undo, or to the question how a step ended. */
export function undoAnswer(
  step: string,
  answer: UndoAnswerInput['answer'],
  { epoch = 1, run = 1 }: { readonly epoch?: number; readonly run?: number } = {},
): UndoAnswerInput {
  const type = `ai.aura.step.${{ undone: 'undone', nothing: 'nothing-to-undo', failed: 'undo-failed' }[answer]}.v1`;
  const time = '2023-11-14T22:13:20.000Z';
  return {
    kind: 'undoAnswer',
    step,
    run,
    answer,
    event: { source: `/aura/${step}-service`, id: `s1/${run}/${step}/${epoch}/${type}`, type, time, epoch },
    ...(answer === 'failed'
      ? { error: { kind: 'technical', code: 'STUCK', message: `${step} is stuck` } }
      : {}),
  };
}

/** What a turn came to. */
export interface Told {
  readonly state: SagaState;
  readonly entries: readonly PaidEntry[];
  readonly messages: readonly OutboundMessage[];
  /** ms since 1970. */
  readonly at: number;
}

/** A saga under the test's control: each `when` is one turn, `afterMs` milliseconds behind the start. */
export class SagaUnderTest {
  constructor(
    readonly compiled: CompiledPlan,
    readonly state: SagaState = startedSaga(compiled),
    readonly told: readonly Told[] = [],
  ) {}

  /** One turn with these inputs. */
  when(inputs: readonly SagaInput[], afterMs = 0, gapSince: GapSince = NO_GAP): SagaUnderTest {
    const now = STARTED_AT + afterMs;
    const { entries, state } = decide(this.compiled, this.state, inputs, { now, gapSince });
    const messages = messagesOf(this.compiled, state, { entries, at: now });
    return new SagaUnderTest(this.compiled, state, [...this.told, { state, entries, messages, at: now }]);
  }

  /** The newest turn. */
  get last(): Told {
    const last = this.told.at(-1);
    if (last === undefined) throw new Error('nothing happened yet');
    return last;
  }
}
