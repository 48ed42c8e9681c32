import type { JsonValue } from '@aura/contracts';
import { withTimeLimit } from '@aura/messaging';
import type { ForeignReversal } from '../barrier/passage';
import type { RecordedEnd } from '../barrier/recorded-end';
import type { StatefulAction } from './action';
import { actionContext } from './action-call';
import type { CallPorts, CallTask } from './action-call';

/** An undo's call: its place in the saga, and its time limit, ms. */
export interface UndoTask extends CallTask {
  readonly limitMs: number;
}

/** How an action's effect in a foreign store is taken back; undefined for actions on resources, and where there is no undo. */
export function foreignReversal(
  ports: CallPorts,
  task: UndoTask,
  action: StatefulAction,
): ForeignReversal | undefined {
  if (!('run' in action) || action.undo === undefined) return undefined;
  const { undo } = action;
  return async (claim, end) => {
    const input: unknown = action.input.parse(claim.input);
    const output = outputIn(end, action.emits);
    const call = output === undefined ? { input } : { input, output };
    const limit = { what: `undo ${undo.name} of step ${task.key.step}`, ms: task.limitMs };
    await withTimeLimit(ports.world, limit, (signal) => undo.run(call, actionContext(ports, task, signal)));
  };
}

function outputIn(end: RecordedEnd | undefined, emits: string): JsonValue | undefined {
  const completed = end?.events.find(({ type }) => type === emits);
  return (completed?.data as { readonly output?: JsonValue } | undefined)?.output;
}
