import type { JsonValue } from '@aura/contracts';
import type { Log } from '@aura/kernel';
import type { ResultCache } from '@aura/messaging';
import { evaluateMapping } from '../plan/mapping';
import type { Mapping } from '../plan/plan';
import type { Action } from './action';
import type { Scope } from './scope';
import type { StepTask } from './step-task';

/** Where results of pure actions are kept, and who is told that they could not be. */
export interface CachePorts {
  readonly results: ResultCache;
  readonly log: Log;
}

/** The place of one task's result in the cache. A cache that is away costs work, never the step. */
export interface CachedResult {
  get(): Promise<JsonValue | undefined>;
  set(output: JsonValue): Promise<void>;
}

/** The place of a task's result; undefined when it is not to be kept. */
export function cachedResult(
  { results, log }: CachePorts,
  task: StepTask,
  action: Action,
  input: JsonValue,
): CachedResult | undefined {
  const { cache } = task.step;
  // Only a pure action's result is a function of what the key names.
  if (cache === undefined || action.kind !== 'pure') return undefined;
  const key = JSON.stringify([
    action.name,
    task.plan.digest,
    task.key.step,
    ...keyParts(cache.key, task.scope, input),
  ]);
  const lost = (error: unknown): undefined => {
    log.warn('result cache not available; going on without', { error, step: task.key.step });
  };
  return {
    get: () => results.get(key).catch(lost),
    set: (output) => results.set(key, output, cache.ttlMs).catch(lost),
  };
}

function keyParts(key: readonly Mapping[], scope: Scope, input: JsonValue): readonly JsonValue[] {
  if (key.length === 0) return [input];
  // Wrapped, so that an absent part is not a null one.
  return key.map((mapping) => {
    const value = evaluateMapping(mapping, scope);
    return value === undefined ? [] : [value];
  });
}
