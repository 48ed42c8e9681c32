import { eventKey } from '@aura/messaging';
import type { Model, ModelStep } from './draft-model';
import type { ActionCatalogue, OfferedAction } from './offered-action';
import { durationText } from './duration';
import { asSchema } from './inline-refs';
import { compileSchema } from './json-schema';
import { suggestion } from './nearest-name';
import type { Place, Problems } from './problems';
import { retryOf, stepTimeoutOf, undoPolicyOf } from './timing';

const MAX_KEY_BYTES = 255;
const MAX_STEP_TIMEOUT = 24 * 3_600_000;
const MAX_SAGA_TIMEOUT = 30 * 24 * 3_600_000;
const MIN_TIMEOUT = 10;

interface Context {
  readonly model: Model;
  readonly catalogue: ActionCatalogue;
  readonly problems: Problems;
}

function checkOffered({ catalogue, problems }: Context, name: string, place: Place): void {
  if (catalogue.has(name)) return;
  const hint = suggestion(name, catalogue.keys());
  const message = `nobody offers the action "${name}"${hint}; start a participant that does, or name another`;
  problems.add('UNKNOWN_ACTION', place, message);
}

function checkKey(context: Context, action: OfferedAction, place: Place): void {
  const key = eventKey(action.emits, context.model.draft.header.id);
  const bytes = new TextEncoder().encode(key).length;
  if (bytes <= MAX_KEY_BYTES) return;
  const message = `the routing key "${key}" has ${bytes} bytes; at most ${MAX_KEY_BYTES} are allowed: shorten the definition's id`;
  context.problems.add('KEY_TOO_LONG', place, message);
}

/** What a step in the coordinator lacks is told where it is compiled. */
function checkAction(context: Context, { draft, action, place }: ModelStep): void {
  const isCommand = draft.type === 'command';
  if (isCommand) checkOffered(context, draft.action, [...place, 'action']);
  if (action !== undefined) checkKey(context, action, [...place, isCommand ? 'action' : 'type']);
}

function checkFallback(context: Context, { fallback, place }: ModelStep): void {
  if (fallback === undefined) return;
  const at = [...place, 'failure', 'action'];
  checkOffered(context, fallback.name, at);
  if (fallback.action !== undefined) checkKey(context, fallback.action, at);
}

/** Only a default output that is published as the action's own event must look like one. */
function checkDefaultOutput({ problems }: Context, { draft, action, place }: ModelStep): void {
  if (action === undefined || draft.failure.policy !== 'fallback' || draft.failure.output === undefined)
    return;
  const compiled = compileSchema(asSchema(action.output));
  if (!compiled.ok) return;
  for (const { path, message } of compiled.value(draft.failure.output)) {
    const at = path === '' ? '' : ` at "${path}"`;
    const text = `the default output does not fit the output of ${action.name}${at}: ${message}`;
    problems.add('TYPE_MISMATCH', [...place, 'failure', 'output'], text);
  }
}

function checkCache({ problems }: Context, { draft, action, place }: ModelStep): void {
  if (draft.cache === undefined || action === undefined || action.kind === 'pure') return;
  const message = `step "${draft.id}" cannot be cached: ${action.name} is ${action.kind}, and only pure actions can`;
  problems.add('CACHE_NOT_PURE', [...place, 'cache'], message);
}

/** Only what is undone can say how; a pivot has no undo, but is asked how it ended under the same policy. */
function checkUndo({ problems }: Context, step: ModelStep): void {
  const { draft, place } = step;
  if (draft.undo === undefined) return;
  const actions = [step.action, step.fallback?.action].filter((action) => action !== undefined);
  if (actions.length > 0 && actions.every(({ kind }) => kind !== 'stateful')) {
    const message = `step "${draft.id}" says how it is undone, but ${draft.action} changes nothing; remove "undo"`;
    problems.add('NOTHING_TO_UNDO', [...place, 'undo'], message);
  }
  const { timeoutMs, retry } = undoPolicyOf(draft);
  const limits = { timeout: timeoutMs, initialDelay: retry.initialDelayMs, maxDelay: retry.maxDelayMs };
  for (const [name, limit] of Object.entries(limits)) {
    if (limit >= MIN_TIMEOUT && limit <= MAX_STEP_TIMEOUT) continue;
    const message = `the undo of step "${draft.id}" has a ${name} of ${durationText(limit)}; 10ms to 24h are allowed`;
    problems.add('INVALID_TIMEOUT', [...place, 'undo'], message);
  }
}

function checkRetry({ model, problems }: Context, { draft, place }: ModelStep): void {
  const { initialDelayMs, maxDelayMs } = retryOf(model.draft.header.retryPolicy, draft.retryPolicy);
  if (initialDelayMs < MIN_TIMEOUT) {
    const message = `step "${draft.id}" waits ${initialDelayMs} ms before its second attempt; at least ${MIN_TIMEOUT} ms are needed`;
    problems.add('INVALID_RETRY', [...place, 'retryPolicy', 'initialDelay'], message);
  }
  if (initialDelayMs > maxDelayMs) {
    const message = `step "${draft.id}" has an initialDelay (${durationText(initialDelayMs)}) over its maxDelay (${durationText(maxDelayMs)})`;
    problems.add('INVALID_RETRY', [...place, 'retryPolicy'], message);
  }
  if (maxDelayMs > MAX_STEP_TIMEOUT) {
    const message = `step "${draft.id}" has a maxDelay of ${durationText(maxDelayMs)}; at most 24h are allowed`;
    problems.add('INVALID_RETRY', [...place, 'retryPolicy', 'maxDelay'], message);
  }
}

function checkTimeout({ model, problems }: Context, { draft, place }: ModelStep): void {
  const { header } = model.draft;
  const timeout = stepTimeoutOf(header.timeout, draft);
  const at = [...place, 'timeout'];
  const most = draft.type === 'command' ? MAX_STEP_TIMEOUT : MAX_SAGA_TIMEOUT;
  if (timeout < MIN_TIMEOUT || timeout > most) {
    const message = `step "${draft.id}" has a timeout of ${durationText(timeout)}; 10ms to ${durationText(most)} are allowed`;
    problems.add('INVALID_TIMEOUT', at, message);
  }
  const span = draft.wait?.for ?? 0;
  if (span > header.timeout) {
    const message = `step "${draft.id}" waits ${durationText(span)}, more than the whole saga takes (${durationText(header.timeout)})`;
    problems.add('INVALID_TIMEOUT', [...place, 'wait', 'for'], message);
  }
  if (timeout > header.timeout) {
    const message = `step "${draft.id}" has a timeout of ${durationText(timeout)}, more than the whole saga (${durationText(header.timeout)})`;
    problems.add('INVALID_TIMEOUT', at, message);
  }
}

function checkSagaTimeout({ model, problems }: Context): void {
  const { timeout } = model.draft.header;
  if (timeout >= MIN_TIMEOUT && timeout <= MAX_SAGA_TIMEOUT) return;
  const message = `the saga's timeout is ${durationText(timeout)}; 10ms to 720h are allowed`;
  problems.add('INVALID_TIMEOUT', ['timeout'], message);
}

/** Actions that nobody offers, routing keys that are too long, caches, default outputs, time limits and retries. */
export function checkActions(model: Model, catalogue: ActionCatalogue, problems: Problems): void {
  const context: Context = { model, catalogue, problems };
  checkSagaTimeout(context);
  for (const step of model.steps.values()) {
    checkAction(context, step);
    checkFallback(context, step);
    checkDefaultOutput(context, step);
    checkCache(context, step);
    checkTimeout(context, step);
    checkRetry(context, step);
    checkUndo(context, step);
  }
}
