import type { CloudEvent, JsonValue } from '@aura/contracts';
import { TerminalError } from '@aura/kernel';
import type { ClaimCheck, Log, World } from '@aura/kernel';
import type { FastStores, Outcome } from '@aura/messaging';
import type { Barrier } from '../barrier/barrier';
import { endIn, recordEnd } from '../barrier/recorded-end';
import type { BarrierJournal, RecordedEnd } from '../barrier/recorded-end';
import type { AppliedClaim, Refusal } from '../barrier/passage';
import type { Claim } from '../barrier/step-rows';
import type {
  Action,
  ActionResult,
  ComputedAction,
  PlainEvent,
  ResourceAction,
  StatefulAction,
} from './action';
import { actionContext, callAction } from './action-call';
import { bounded, inputOf, outputOf } from './action-data';
import { cachedResult } from './cached-result';
import { failureOutcome } from './failure-outcome';
import { undoPolicyOf } from '../plan/undo-policy';
import { foreignReversal } from './foreign-reversal';
import { completedEvent, endMessages, failedEvent, plainEvent } from './step-messages';
import type { StepTask } from './step-task';

/** What running an action needs of its participant. */
export interface ActionPorts extends BarrierJournal {
  readonly world: World;
  readonly barrier: Barrier;
  readonly fast: FastStores;
  readonly claims: ClaimCheck;
  readonly log: Log;
}

/** Runs a task's action and tells how the delivery stands. Technical errors become retries, refusals the step's end. */
export async function runAction(ports: ActionPorts, task: StepTask, action: Action): Promise<Outcome> {
  try {
    const { events, isTold } = await endOf(ports, task, action);
    return { kind: 'done', publish: isTold === true ? [] : endMessages(task, events) };
  } catch (error) {
    return failureOutcome(ports, task, error);
  }
}

async function endOf(ports: ActionPorts, task: StepTask, action: Action): Promise<RecordedEnd> {
  if (action.kind === 'stateful') return passBarrier(ports, task, action);
  const { rows } = task.standing;
  const standing = endIn(rows);
  if (standing !== undefined) return standing;
  const end = await compute(ports, task, action);
  if (!task.step.recordsEnd) return end;
  const publish = endMessages(task, end.events);
  return recordEnd(ports, task.key, end, { nowMs: ports.world.clock.now(), rows, publish });
}

async function compute(ports: ActionPorts, task: StepTask, action: ComputedAction): Promise<RecordedEnd> {
  const input = inputOf(task, action);
  const kept = cachedResult({ results: ports.fast.results, log: ports.log }, task, action, input.raw);
  const known = await kept?.get();
  if (known !== undefined) return completed(ports, task, { output: known, events: [] });
  const answer = await callAction(ports, task, (context) => action.run(input.value, context));
  const result = checked(task, action, answer);
  // A result that is more than its output cannot be repeated from the output alone.
  if (result.events.length === 0) await kept?.set(result.output);
  return completed(ports, task, result);
}

function passBarrier(ports: ActionPorts, task: StepTask, action: StatefulAction): Promise<RecordedEnd> {
  const parts = {
    key: task.key,
    standing: task.standing,
    claim: () => claimOf(ports, task, action),
    refused: (refusal: Refusal) => {
      const failure = { error: { ...refusal, kind: 'business' as const }, attempts: task.attempt };
      return [failedEvent(task, failure, ports.world.clock.now())];
    },
    messages: (events: readonly CloudEvent[]) => endMessages(task, events),
  };
  const eventsOf = (result: ActionResult<unknown>) =>
    completed(ports, task, checked(task, action, result)).events;
  if (!('run' in action))
    return ports.barrier.pass({
      ...parts,
      outcome: ({ input }, changes) => eventsOf(outcomeOf(ports, task, action, { input, changes })),
    });
  const foreign = foreignReversal(ports, { ...task, limitMs: undoPolicyOf(task.step).timeoutMs }, action);
  const perform = async ({ input }: Claim) => {
    const value: unknown = action.input.parse(input);
    return eventsOf(await callAction(ports, task, (context) => action.run(value, context)));
  };
  return ports.barrier.pass({ ...parts, perform, ...(foreign && { foreign }) });
}

/** An action on a foreign store claims no resource: its claim says that the store may have been changed. */
async function claimOf(ports: ActionPorts, task: StepTask, action: StatefulAction): Promise<Claim> {
  const { raw, value } = inputOf(task, action);
  if ('run' in action) return { input: raw, resources: [] };
  const resources = await callAction(ports, task, (context) => action.claim(value, context));
  return { input: raw, resources };
}

function outcomeOf(
  ports: ActionPorts,
  task: StepTask,
  action: ResourceAction,
  { input, changes }: { readonly input: JsonValue; readonly changes: readonly AppliedClaim[] },
): ActionResult<unknown> {
  const context = actionContext(ports, task, () => new AbortController().signal);
  return action.outcome(action.input.parse(input), changes, context);
}

/** A result as its schemas read it. */
interface Checked {
  readonly output: JsonValue;
  readonly events: readonly PlainEvent[];
}

/** The output as its schema reads it, and further events of no other types than those that the action declares. */
function checked(task: StepTask, action: Action, { output, events = [] }: ActionResult<unknown>): Checked {
  const declared = action.publishes ?? [];
  const stranger = events.find(({ type }) => !declared.includes(type));
  if (stranger === undefined) {
    for (const { type, data } of events) bounded(data, `the event ${type} of action ${action.name}`, task);
    return { output: outputOf(task, action, output), events };
  }
  throw new TerminalError(
    `action ${action.name} of step ${task.key.step} returned an event ${stranger.type} that it does not declare`,
    {
      code: 'UNDECLARED_EVENT',
      help: 'Add the type to `publishes` of the action; what it emits is its output, not a further event.',
    },
  );
}

function completed(ports: ActionPorts, task: StepTask, { output, events }: Checked): RecordedEnd {
  const nowMs = ports.world.clock.now();
  const further = events.map((event, n) => plainEvent(task, event, n, nowMs));
  return { events: [completedEvent(task, output, nowMs), ...further] };
}
