import { errorRecord } from '@aura/contracts';
import type { CloudEvent, ErrorRecord, JsonValue } from '@aura/contracts';
import { BusinessError, StoreUnavailableError, TerminalError } from '@aura/kernel';
import type { ClaimCheck, Journal, World } from '@aura/kernel';
import { DONE, errorRecordOf, withTimeLimit } from '@aura/messaging';
import type { FastStores, OutboundMessage, Outcome } from '@aura/messaging';
import type { z } from 'zod';
import type { Barrier } from '../barrier/barrier';
import { endIn, recordEnd } from '../barrier/recorded-end';
import type { RecordedEnd } from '../barrier/recorded-end';
import { evaluateMapping } from '../plan/mapping';
import { stepStream } from '@aura/kernel';
import type {
  Action,
  ActionContext,
  ActionResult,
  ComputedAction,
  PlainEvent,
  StatefulAction,
} from './action';
import { seededRandomness } from './seeded-randomness';
import { completedEvent, endMessage, failedEvent, plainEvent, plainMessage } from './step-messages';
import { operationOf } from './step-task';
import type { StepTask } from './step-task';

/** What running an action needs of its participant. */
export interface ActionPorts {
  readonly world: World;
  readonly journal: Journal;
  readonly barrier: Barrier;
  readonly fast: FastStores;
  readonly claims: ClaimCheck;
}

/** Runs a task's action and tells how the delivery stands. Technical errors become retries, refusals the step's end. */
export async function runAction(ports: ActionPorts, task: StepTask, action: Action): Promise<Outcome> {
  try {
    return publishing(task, await endOf(ports, task, action));
  } catch (error) {
    if (error instanceof StoreUnavailableError) return { kind: 'held', reason: error.message, delayMs: 1000 };
    return failureOutcome(ports, task, error);
  }
}

async function endOf(ports: ActionPorts, task: StepTask, action: Action): Promise<RecordedEnd> {
  if (action.kind === 'stateful') return runStateful(ports, task, action);
  if (!task.step.recordsEnd) return compute(ports, task, action);
  const rows = await ports.journal.read(stepStream(task.key));
  const standing = endIn(rows);
  if (standing !== undefined) return standing;
  const end = await compute(ports, task, action);
  return recordEnd(ports.journal, task.key, end, { nowMs: ports.world.clock.now(), rows });
}

async function compute(ports: ActionPorts, task: StepTask, action: ComputedAction): Promise<RecordedEnd> {
  const input = inputOf(task, action);
  const key = cacheKey(task, action, input.raw);
  const cached = key === undefined ? undefined : await ports.fast.results.get(key);
  if (cached !== undefined) return completed(ports, task, { output: cached });
  const result = await limited(ports, task, async (context) => action.run(input.value, context));
  const output = checkedOutput(task, action, result.output);
  if (key !== undefined && task.step.cache !== undefined && (result.events ?? []).length === 0)
    await ports.fast.results.set(key, output, task.step.cache.ttlMs);
  return completed(ports, task, { output, events: result.events ?? [] });
}

/** Only a pure action's result is a function of what the key names. */
function cacheKey(task: StepTask, action: Action, input: JsonValue): string | undefined {
  const { cache } = task.step;
  if (cache === undefined || action.kind !== 'pure') return undefined;
  const parts =
    cache.key.length === 0
      ? [input]
      : cache.key.map((mapping) => evaluateMapping(mapping, task.scope) ?? null);
  return JSON.stringify([action.name, task.plan.digest, task.key.step, ...parts]);
}

function runStateful(ports: ActionPorts, task: StepTask, action: StatefulAction): Promise<RecordedEnd> {
  return ports.barrier.pass({
    key: task.key,
    claim: async () => {
      const input = inputOf(task, action);
      return {
        input: input.raw,
        resources: await limited(ports, task, async (context) => action.claim(input.value, context)),
      };
    },
    applied: (claim, changes) => {
      const value: unknown = action.input.parse(claim.input);
      const { signal } = new AbortController();
      const { output, events } = action.outcome(value, changes, actionContext(ports, task, signal));
      return completed(ports, task, { output: checkedOutput(task, action, output), events: events ?? [] })
        .events;
    },
    refused: (refusal) => {
      const error = errorRecord.parse({ kind: 'business', ...refusal });
      return [failedEvent(task, { error, attempts: task.attempt }, ports.world.clock.now())];
    },
  });
}

function limited<T>(
  ports: ActionPorts,
  task: StepTask,
  work: (context: ActionContext) => Promise<T>,
): Promise<T> {
  const limit = { what: `step ${task.key.step} (action ${task.step.action})`, ms: task.step.timeoutMs };
  return withTimeLimit(ports.world, limit, (signal) => work(actionContext(ports, task, signal)));
}

function actionContext(ports: ActionPorts, task: StepTask, signal: AbortSignal): ActionContext {
  const { key, epoch, attempt, trigger } = task;
  const operation = operationOf(task);
  return {
    ...key,
    epoch,
    attempt,
    ...(trigger.subject === undefined ? {} : { userId: trigger.subject }),
    operation,
    randomness: seededRandomness(operation),
    now: Date.parse(trigger.time ?? '') || 0,
    signal,
    claims: ports.claims,
  };
}

function inputOf(task: StepTask, action: Action): { readonly raw: JsonValue; readonly value: unknown } {
  const raw = evaluateMapping(task.step.input, task.scope) ?? {};
  const parsed = action.input.safeParse(raw);
  if (parsed.success) return { raw, value: parsed.data };
  throw new TerminalError(
    `step ${task.key.step} got an input that ${action.name} refuses: ${issuesOf(parsed.error)}`,
    {
      code: 'INVALID_STEP_INPUT',
      help: 'Mend the input mapping of the step in the definition, or the schema of the action.',
    },
  );
}

function checkedOutput(task: StepTask, action: Action, output: unknown): JsonValue {
  const parsed = action.output.safeParse(output);
  if (parsed.success) return parsed.data as JsonValue;
  throw new TerminalError(
    `action ${action.name} of step ${task.key.step} answered what its schema refuses: ${issuesOf(parsed.error)}`,
    {
      code: 'INVALID_STEP_OUTPUT',
      help: 'Mend the action: its output must match the schema it declares.',
    },
  );
}

function issuesOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || '(all of it)'}: ${message}`).join('; ');
}

function completed(ports: ActionPorts, task: StepTask, result: ActionResult<unknown>): RecordedEnd {
  const nowMs = ports.world.clock.now();
  const plain: readonly PlainEvent[] = result.events ?? [];
  return {
    events: [
      completedEvent(task, result.output as JsonValue, nowMs),
      ...plain.map((event, n) => plainEvent(task, event, n, nowMs)),
    ],
  };
}

/** The first event of an end says how the step ended; the rest are plain. */
function publishing(task: StepTask, { events }: RecordedEnd): Outcome {
  const [end, ...plain] = events;
  if (end === undefined) return DONE;
  const publish: OutboundMessage[] = [
    endMessage(task.plan, task.step, end),
    ...plain.map((event) => plainMessage(task.plan, event)),
  ];
  return { kind: 'done', publish };
}

/** A refusal ends the step at once; what can never work goes to the dead letters; the rest climbs the ladder. */
export async function failureOutcome(ports: ActionPorts, task: StepTask, cause: unknown): Promise<Outcome> {
  if (cause instanceof BusinessError) {
    const error = errorRecordOf(cause, 'business');
    return publishing(task, { events: await failedEvents(ports, task, { error, attempts: task.attempt }) });
  }
  const error = errorRecordOf(cause, 'technical');
  const targets = [task.key.step];
  const onDead = async (deadLetterId: string, attempts: number): Promise<readonly OutboundMessage[]> => {
    const events: readonly CloudEvent[] = await failedEvents(ports, task, { error, attempts, deadLetterId });
    return events.map((event, n) =>
      n === 0 ? endMessage(task.plan, task.step, event) : plainMessage(task.plan, event),
    );
  };
  if (cause instanceof TerminalError) return { kind: 'dead', error, targets, onDead };
  return { kind: 'retry', error, targets, schedule: task.step.retry, onDead };
}

/** A failure is recorded where it becomes the step's end; otherwise a later success may still outrank it. */
async function failedEvents(
  ports: ActionPorts,
  task: StepTask,
  failure: { readonly error: ErrorRecord; readonly attempts: number; readonly deadLetterId?: string },
): Promise<readonly CloudEvent[]> {
  const nowMs = ports.world.clock.now();
  const end = { events: [failedEvent(task, failure, nowMs)] };
  if (!isRecorded(task, failure.error)) return end.events;
  const rows = await ports.journal.read(stepStream(task.key));
  return (await recordEnd(ports.journal, task.key, end, { nowMs, rows })).events;
}

function isRecorded({ step }: StepTask, error: ErrorRecord): boolean {
  if (!step.recordsEnd) return false;
  // A stateful claim that stands will be continued by a later trigger: a technical failure does not take its key.
  if (error.kind === 'business') return true;
  const { policy } = step.failure;
  return step.kind !== 'stateful' && (policy === 'continue' || policy === 'fallback');
}
