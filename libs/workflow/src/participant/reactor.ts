import { sagaStarted, stepContinued, stepFallbackRequested, stepSkipped } from '@aura/contracts';
import type { CloudEvent, ErrorRecord, JsonValue, StepContext } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { StepKey } from '@aura/kernel';
import { DONE } from '@aura/messaging';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import { endIn, recordEnd } from '../barrier/recorded-end';
import type { CompiledPlan } from '../plan/compiled-plan';
import type { PlanStep } from '../plan/plan';
import type { Action } from './action';
import { judgeJoin } from './join';
import type { PlanShelf } from './plan-shelf';
import { failureOutcome, runAction } from './run-action';
import type { ActionPorts } from './run-action';
import { scopeOf } from './scope';
import type { Arrival } from './scope';
import { endMessage, skippedEvent } from './step-messages';
import type { StepTask } from './step-task';
import { TerminalError } from '@aura/kernel';

/** How long a set of arrivals lives from its last arrival, ms. */
const JOIN_TTL_MS = 24 * 3_600_000;
/** Wait before a delivery with an unknown plan or action comes back, ms. */
const UNKNOWN_WAIT_MS = 500;

/** What the reactor needs of its participant. */
export interface ReactorPorts extends ActionPorts {
  readonly participant: string;
  readonly actions: ReadonlyMap<string, Action>;
  readonly shelf: PlanShelf;
}

/** Where an event stands in its plan: which node ended (or the start), and how. */
interface Source {
  readonly origin: string | undefined;
  readonly arrival: Arrival;
  readonly targets: readonly PlanStep[];
}

/** Reacts to step events as the plan says: joins, conditions, actions. Nobody calls anybody. */
export class Reactor {
  private readonly inHand = new Map<string, Promise<Outcome>>();

  constructor(private readonly ports: ReactorPorts) {}

  /** Handles a delivery of a saga's event. What does not concern this participant is done at once. */
  async react(context: DeliveryContext): Promise<Outcome> {
    const { event } = context;
    if (event.auraplan === undefined || event.correlationid === undefined) return DONE;
    const compiled = await this.ports.shelf.find(event.auraplan);
    if (compiled === undefined) return unknown(`plan ${event.auraplan}`);
    const source = sourceOf(compiled, event);
    const meant = context.delivery.headers.targets;
    const mine = source.targets.filter(
      ({ participant, id }) =>
        participant === this.ports.participant && (meant === undefined || meant.includes(id)),
    );
    const [only] = mine;
    if (mine.length === 1 && only !== undefined) return this.reactWith(compiled, only, source, context);
    if (only === undefined) return DONE;
    const outcomes = await Promise.all(mine.map((step) => this.reactWith(compiled, step, source, context)));
    return { kind: 'many', outcomes };
  }

  private async reactWith(
    compiled: CompiledPlan,
    step: PlanStep,
    source: Source,
    context: DeliveryContext,
  ): Promise<Outcome> {
    const action = this.ports.actions.get(step.action);
    if (action === undefined) return unknown(`action ${step.action}`);
    const { event, delivery } = context;
    const key: StepKey = { saga: event.correlationid ?? '', run: event.aurarun ?? 1, step: step.id };
    const arrivals = await this.arrive(step, key, source);
    const verdict = step.dependencies.length === 0 ? 'run' : judgeJoin(step, arrivals);
    if (verdict === 'wait') return DONE;
    const task: StepTask = {
      plan: compiled.plan,
      step,
      key,
      epoch: delivery.headers.epoch ?? 1,
      attempt: context.attempt,
      trigger: event,
      scope: scopeOf(arrivals),
    };
    return this.once(task, () => this.perform(compiled, task, action, verdict));
  }

  private async arrive(
    step: PlanStep,
    key: StepKey,
    { origin, arrival }: Source,
  ): Promise<ReadonlyMap<string, Arrival>> {
    if (origin === undefined || step.dependencies.length < 2) return new Map([[origin ?? '', arrival]]);
    const set = await this.ports.fast.joins.arrive(
      stepStream(key),
      { dependency: origin, value: JSON.stringify(arrival) },
      JOIN_TTL_MS,
    );
    return new Map([...set].map(([dependency, value]) => [dependency, JSON.parse(value) as Arrival]));
  }

  /** A step that is in hand in this process is not begun again beside itself; both deliveries get its outcome. */
  private once(task: StepTask, perform: () => Promise<Outcome>): Promise<Outcome> {
    const name = `${stepStream(task.key)}/${task.epoch}`;
    const standing = this.inHand.get(name);
    if (standing !== undefined) return standing;
    const outcome = perform().finally(() => this.inHand.delete(name));
    this.inHand.set(name, outcome);
    return outcome;
  }

  private async perform(
    compiled: CompiledPlan,
    task: StepTask,
    action: Action,
    verdict: 'run' | 'skip',
  ): Promise<Outcome> {
    if (verdict === 'skip') return this.skip(task, 'a step it depends on was skipped');
    const condition = compiled.conditions.get(task.step.id);
    if (condition === undefined) return runAction(this.ports, task, action);
    const steps = conditionSteps(task);
    const met = condition.evaluate({ input: task.scope.input, steps });
    if (!met.ok) return failureOutcome(this.ports, task, conditionError(task, met.error.message));
    if (typeof met.value !== 'boolean')
      return failureOutcome(this.ports, task, conditionError(task, 'it is neither true nor false'));
    return met.value
      ? runAction(this.ports, task, action)
      : this.skip(task, `its condition is false: ${task.step.when ?? ''}`);
  }

  private async skip(task: StepTask, reason: string): Promise<Outcome> {
    const nowMs = this.ports.world.clock.now();
    const made = skippedEvent(task, reason, nowMs);
    const [event] = task.step.recordsEnd ? await this.recorded(task, made, nowMs) : [made];
    return { kind: 'done', publish: event === undefined ? [] : [endMessage(task.plan, task.step, event)] };
  }

  private async recorded(task: StepTask, event: CloudEvent, nowMs: number): Promise<readonly CloudEvent[]> {
    const rows = await this.ports.journal.read(stepStream(task.key));
    const standing = endIn(rows);
    return (standing ?? (await recordEnd(this.ports.journal, task.key, { events: [event] }, { nowMs, rows })))
      .events;
  }
}

function unknown(what: string): Outcome {
  return { kind: 'held', reason: `${what} is not known here yet`, delayMs: UNKNOWN_WAIT_MS };
}

/** An error in a condition is a failure of the step, not "false". Conditions are pure: trying again would not help. */
function conditionError({ step }: StepTask, message: string): TerminalError {
  return new TerminalError(
    `the condition of step ${step.id} could not be evaluated: ${message} (${step.when ?? ''})`,
    {
      code: 'CONDITION_ERROR',
      help: 'Mend the condition: guard what may be absent with has(), and compare like with like.',
    },
  );
}

function conditionSteps({ scope }: StepTask): JsonValue {
  const steps: Record<string, JsonValue> = {};
  for (const [step, output] of Object.entries(scope.outputs)) steps[step] = { output };
  for (const [step, status] of Object.entries(scope.statuses))
    steps[step] = { ...(steps[step] as { readonly output?: JsonValue } | undefined), status };
  return steps;
}

/** Reads an event's place in the plan: what ended, how, and who waits for it. */
function sourceOf(compiled: CompiledPlan, event: CloudEvent): Source {
  const data = (event.data ?? {}) as {
    readonly output?: JsonValue;
    readonly context?: StepContext;
    readonly error?: ErrorRecord;
  };
  const context = data.context === undefined ? {} : { context: data.context };
  if (event.type === sagaStarted.type)
    return { origin: undefined, arrival: { status: 'completed', ...context }, targets: compiled.roots };
  const node = compiled.nodes.get(event.aurastep ?? '');
  if (node === undefined) return { origin: undefined, arrival: { status: 'completed' }, targets: [] };
  if (event.type === stepFallbackRequested.type)
    return { origin: undefined, arrival: { status: 'completed', ...context }, targets: [node] };
  const origin = node.standsFor ?? node.id;
  const dependents = compiled.nodes.get(origin)?.dependents ?? [];
  const targets = dependents.flatMap((id) => compiled.nodes.get(id) ?? []);
  const status = endStatus(node, event.type);
  if (status === undefined) return { origin, arrival: { status: 'completed' }, targets: [] };
  const output = data.output === undefined ? {} : { output: data.output };
  return { origin, arrival: { status, ...output, ...context }, targets };
}

function endStatus(node: PlanStep, type: string): Arrival['status'] | undefined {
  if (type === stepSkipped.type) return 'skipped';
  if (type === stepContinued.type) return 'continued';
  // Also for a fallback's default output: the coordinator publishes the type that the step itself would have.
  return type === node.emits ? 'completed' : undefined;
}

/** The steps of a plan that wait for an event, whoever performs them. */
export function stepsTriggeredBy(compiled: CompiledPlan, event: CloudEvent): readonly PlanStep[] {
  return sourceOf(compiled, event).targets;
}
