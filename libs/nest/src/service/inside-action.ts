import type { Action } from '@aura/workflow';
import { AsyncLocalStorage } from 'node:async_hooks';

const running = new AsyncLocalStorage<string>();

/** Name of the action that the calling code runs in, if any. */
export function actionInHand(): string | undefined {
  return running.getStore();
}

/** An action whose code is known to run in it, so that publishing by hand can be refused there. */
export function markedAction(action: Action): Action {
  if ('run' in action) return withRun(action);
  const { name } = action;
  return {
    ...action,
    claim: (input, context) => running.run(name, () => action.claim(input, context)),
    outcome: (input, applied, context) => running.run(name, () => action.outcome(input, applied, context)),
  };
}

function withRun(action: Extract<Action, { run: unknown }>): Action {
  const { name } = action;
  if (action.kind !== 'stateful')
    return { ...action, run: (input, context) => running.run(name, () => action.run(input, context)) };
  const { undo, ...rest } = action;
  return {
    ...rest,
    run: (input, context) => running.run(name, () => action.run(input, context)),
    ...(undo === undefined
      ? {}
      : { undo: { ...undo, run: (call, context) => running.run(name, () => undo.run(call, context)) } }),
  };
}
