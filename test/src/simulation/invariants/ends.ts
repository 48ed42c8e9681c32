import type { SagaDetail, StepDetail } from '@aura/contracts';
import { hasEnded } from '@aura/contracts';
import { FALLBACK, hasEffect } from '../definition-spec';
import type { DefinitionSpec, StepSpec } from '../definition-spec';
import { isPoison, valueOf } from '../domain';
import type { ActionOutput } from '../domain';
import { defaultOutput, valueIn } from '../step-output';
import { isTimer } from '../wait-step';
import { isHeldUp } from './held-up';
import type { Report } from '../violation';

/** One saga against its definition. */
interface Checked extends Omit<Measure, 'report'> {
  readonly saga: SagaDetail;
  readonly n: number;
  readonly steps: ReadonlyMap<string, StepDetail>;
  readonly report: (message: string) => void;
}

/** What a saga is held against. */
export interface Measure {
  readonly spec: DefinitionSpec;
  /** Whether somebody wanted it cancelled. */
  readonly wasCancelled: boolean;
  /** Whether its parent told it to stop. */
  readonly wasStopped: boolean;
  /** Whether somebody decided a transaction of it. */
  readonly wasDecided: boolean;
  /** Codes of what went wrong in the sub-sagas of a step. */
  readonly codesBelow: (step: string) => ReadonlySet<string>;
  /** Whether a sub-saga waits for a person. */
  readonly isForPerson: (child: string) => boolean;
  readonly report: Report;
}

/** Whether a saga and its steps ended as the definition says. */
export function checkEnds(saga: SagaDetail, measure: Measure): void {
  const { report, spec, wasStopped } = measure;
  const { n } = saga.input as { readonly n: number };
  const checked: Checked = {
    ...measure,
    saga,
    n,
    steps: new Map(saga.steps.map((step) => [step.id, step])),
    report: (message) => report(12, `${spec.id}, n = ${n}, ${saga.status}: ${message}`, saga.sagaId),
  };
  if (!hasEnded(saga.status)) demandExplicit(saga, measure);
  // Why a parent stops a sub-saga is for the parent to say.
  if (!wasStopped) demandCause(checked);
  for (const step of spec.steps) checkStep(checked, step);
}

function demandCause(checked: Checked): void {
  const { report, saga, wasCancelled } = checked;
  if (saga.status === 'cancelled' && !wasCancelled) report('nobody cancelled it');
  if (saga.status === 'failed' || saga.error !== undefined) demandReason(checked);
}

/** The liveness rule: what has not ended says what it waits for, until when, and who acts. */
function demandExplicit(saga: SagaDetail, { isForPerson, report }: Measure): void {
  const { owner, status, until, waitingFor } = saga;
  const isHuman = status === 'suspended' || status === 'compensation_failed';
  if (!isHuman && !isHeldUp(saga, isForPerson))
    report(6, `saga is ${status} and waits for ${waitingFor ?? 'nothing'}`, saga.sagaId);
  if (owner === undefined || until === undefined || waitingFor === undefined)
    report(6, `saga is ${status} and lacks waitingFor, until or owner`, saga.sagaId);
}

/** Only what the definition or the domain refuses makes a saga fail: faults alone never do. */
function demandReason(checked: Checked): void {
  const { saga, spec, report } = checked;
  const { code, message } = saga.error ?? { code: 'none', message: 'nothing was said' };
  const failed = saga.failedStep?.replace(FALLBACK, '');
  const step = spec.steps.find(({ id }) => id === failed);
  if (step !== undefined && isDueTo(code, step, checked)) return;
  if (!isDueToOthers(code, checked)) report(`it failed at ${step?.id} with ${code}: ${message}`);
}

/** Nobody answered in time, or somebody cancelled it. */
function isDueToOthers(code: string, { spec, wasCancelled }: Checked): boolean {
  return code === 'CANCELLED' ? wasCancelled : !spec.isPatient && TIMEOUTS.includes(code);
}

const TIMEOUTS: readonly string[] = [
  'STEP_TIMEOUT',
  'WAIT_TIMEOUT',
  'SAGA_TIMEOUT',
  'UNDO_TIMEOUT',
  'END_UNKNOWN',
  'NO_UNDO',
];

function isDueTo(code: string, step: StepSpec, checked: Checked): boolean {
  const { transaction, saga } = step;
  if (saga !== undefined) return isDueToSubSaga(code, step, checked);
  if (transaction === undefined) return isDueToAction(code, step, checked);
  // Who votes too late makes it fail.
  if (code === 'PREPARE_TIMEOUT') return true;
  if (code === 'ABORTED_BY_HAND') return checked.wasDecided;
  return transaction.branches.some((branch) =>
    isDueToAction(code, { ...step, ...branch, kind: 'stateful' }, checked),
  );
}

/** A sub-saga did not complete, was not enough, or could not be undone, for a reason of its own. */
function isDueToSubSaga(code: string, { id, saga }: StepSpec, { codesBelow }: Checked): boolean {
  if (code === 'REPEATED_IN_VAIN') return saga?.repeat !== undefined;
  const below = codesBelow(id);
  if (code === 'SUB_SAGA_FAILED') return below.size > 0;
  return code === 'UNDO_SKIPPED' || below.has(code);
}

const SHORTAGES: readonly string[] = ['EMPTY', 'HELD_BY'];

function isDueToAction(code: string, step: StepSpec, { n }: Checked): boolean {
  if (code === 'REFUSED') return step.refuseAt === n;
  // What it takes is not there, or a transaction holds it for longer than the step is tried.
  if (SHORTAGES.includes(code)) return hasEffect(step) || step.policy === 'fallbackStateful';
  if (code === 'TILL') return step.undoFails > 0;
  // Triggers that are in hand together share an outcome, also where one of them is on its last attempt.
  return code.startsWith('FLAKY') && (isPoison({ ...step, n }) || (step.flaky > 0 && n % 3 === 0));
}

/** Of a step whose end was not heard. */
const UNHEARD: readonly string[] = ['waiting', 'triggered'];
/** Ends that a step of a completed saga cannot have. */
const OPEN: readonly string[] = [...UNHEARD, 'failed'];

function checkStep(checked: Checked, spec: StepSpec): void {
  const step = checked.steps.get(spec.id);
  if (step === undefined) return checked.report(`step ${spec.id} is not shown`);
  if (step.status === 'skipped') return checkSkipped(checked, spec);
  if (step.status === 'completed') return checkCompleted(checked, spec, step);
  if (step.status === 'continued' && spec.policy !== 'continue')
    checked.report(`${spec.id} continued and is not optional`);
  if (checked.saga.status === 'completed' && OPEN.includes(step.status))
    checked.report(`${spec.id} is ${step.status}`);
}

function checkSkipped(checked: Checked, spec: StepSpec): void {
  const skipped = spec.dependencies.filter((id) => checked.steps.get(id)?.status === 'skipped');
  const byJoin =
    (spec.join === 'all' && skipped.length > 0) ||
    (spec.join === 'any' && skipped.length > 0 && skipped.length === spec.dependencies.length);
  if (!byJoin && isWanted(checked, spec) && !isAnyUnheard(checked, spec))
    checked.report(`${spec.id} was skipped without a reason`);
}

/** Of a saga that was given up the end that made it be skipped may never have been heard. */
function isAnyUnheard({ saga, steps }: Checked, { dependencies }: StepSpec): boolean {
  if (saga.status === 'completed') return false;
  return dependencies.some((id) => UNHEARD.includes(steps.get(id)?.status ?? 'waiting'));
}

function checkCompleted(checked: Checked, spec: StepSpec, step: StepDetail): void {
  const mayBeDefault = spec.policy === 'fallback' || spec.policy === 'suspend';
  if (mayBeDefault && JSON.stringify(step.output) === JSON.stringify(defaultOutput(spec))) return;
  checkOutput(checked, spec, step);
  if (!isWanted(checked, spec)) checked.report(`${spec.id} ran though its condition is false`);
  const isSkipped = spec.dependencies.some((id) => checked.steps.get(id)?.status === 'skipped');
  if (spec.join === 'all' && isSkipped) checked.report(`${spec.id} ran behind a skipped step`);
}

function checkOutput(checked: Checked, spec: StepSpec, step: StepDetail): void {
  if (spec.wait !== undefined) return checkWaited(checked, spec, step);
  // What a sub-saga brought is held against that one.
  if (spec.saga !== undefined) return;
  for (const { salt, output } of madeBy(spec, step)) checkMade(checked, { ...spec, salt }, output);
}

/** A wait brings what the event said, or until when it waited. */
function checkWaited({ report }: Checked, spec: StepSpec, { output }: StepDetail): void {
  const { until, v } = (output ?? {}) as { readonly until?: string; readonly v?: number };
  const isRight = isTimer(spec) ? until !== undefined : v === spec.salt;
  if (!isRight) report(`${spec.id} waited for ${JSON.stringify(output)}`);
}

/** What the action of a step made, or that of each branch of a transaction. */
function madeBy(
  { salt, transaction }: StepSpec,
  { output }: StepDetail,
): readonly { readonly salt: number; readonly output: ActionOutput | null | undefined }[] {
  if (transaction === undefined) return [{ salt, output: output as ActionOutput | undefined }];
  const whole = output as Readonly<Record<string, ActionOutput>> | undefined;
  return transaction.branches.map((branch) => ({ salt: branch.salt, output: whole?.[branch.id] }));
}

function checkMade(checked: Checked, spec: StepSpec, output: ActionOutput | null | undefined): void {
  if (output === undefined || output === null) return checked.report(`${spec.id} made nothing`);
  const { got, v } = output;
  if (v !== valueOf({ n: checked.n, salt: spec.salt, got }))
    checked.report(`${spec.id} made ${v} of ${JSON.stringify(got)}`);
  checkSeen(checked, spec, got);
}

/** A step sees of its dependencies what they brought: all of them, or behind a join of kind `any` at least one. */
function checkSeen(checked: Checked, spec: StepSpec, got: ActionOutput['got']): void {
  for (const [id, value] of Object.entries(got)) {
    const brought = valueAt(checked, id);
    // Of a saga that was given up the end that was seen may never have been heard.
    if (brought === undefined && checked.saga.status !== 'completed') continue;
    if (brought !== value) checked.report(`${spec.id} saw ${value} of ${id}, not ${brought}`);
  }
  demandAllSeen(checked, spec, Object.keys(got));
}

function demandAllSeen(checked: Checked, spec: StepSpec, seen: readonly string[]): void {
  const brought = spec.dependencies.filter((id) => valueAt(checked, id) !== undefined);
  const isEnough =
    spec.join === 'any'
      ? seen.length >= leastSeen(checked, spec, brought)
      : brought.every((id) => seen.includes(id));
  if (!isEnough) checked.report(`${spec.id} saw ${seen.join(', ') || 'nothing'} of ${brought.join(', ')}`);
}

/** Behind a join of kind `any` one of them, unless that one only waited. */
function leastSeen({ spec }: Checked, { dependencies }: StepSpec, brought: readonly string[]): number {
  const hasTimer = spec.steps.some((step) => dependencies.includes(step.id) && isTimer(step));
  return hasTimer ? 0 : Math.min(1, brought.length);
}

/** What a step brought to those behind it. */
function valueAt({ spec, steps }: Checked, id: string): number | undefined {
  const step = steps.get(id);
  const made = spec.steps.find((one) => one.id === id);
  if (made === undefined || (step?.status !== 'completed' && step?.status !== 'continued')) return undefined;
  return valueIn(made, step.output);
}

function isWanted(checked: Checked, { condition }: StepSpec): boolean {
  if (condition === undefined) return true;
  const value = condition.step === undefined ? checked.n : valueAt(checked, condition.step);
  return value === undefined || value > condition.above;
}
