import { stepCompleted } from '@aura/contracts';
import { BUILT_IN_PARTICIPANT } from '../../plan/built-in';
import type { TransactionStep } from '../../plan/built-in';
import type { OfferedAction } from '../offered-action';
import { suggestion } from '../nearest-name';
import type { BuiltInCompiler, BuiltInSource } from './built-in-compiler';

interface Branch {
  readonly id: string;
  readonly action: OfferedAction;
}

/**
 * Compiles `transaction`. Its input and output have a member for each branch; it is undone by the undos of its branches in
 * reverse order, and is a pivot when one of them has none.
 */
export const compileTransaction: BuiltInCompiler = (source) => {
  const { draft, place } = source;
  const { transaction } = draft;
  if (transaction === undefined) return undefined;
  const offered = transaction.branches.map((_branch, at) => offeredAt(source, at));
  const branches = offered.flatMap((branch) => branch ?? []);
  if (branches.length < offered.length) return undefined;
  const builtIn: TransactionStep = {
    type: 'transaction',
    prepareMs: transaction.prepareTimeout,
    branches: branches.map(({ id, action }) => ({
      id,
      participant: action.participant,
      action: action.name,
    })),
  };
  return {
    builtIn,
    action: actionOf(branches),
    input: Object.fromEntries(transaction.branches.map(({ id, input }) => [id, input])),
    inputPlace: [...place, 'transaction', 'branches'],
  };
};

function offeredAt({ draft, place, problems, catalogue }: BuiltInSource, at: number): Branch | undefined {
  const branch = draft.transaction?.branches[at];
  if (branch === undefined) return undefined;
  const action = catalogue.get(branch.action);
  const where = [...place, 'transaction', 'branches', at, 'action'];
  if (action === undefined) {
    const hint = suggestion(branch.action, catalogue.keys());
    const message = `nobody offers the action "${branch.action}"${hint}; start a participant that does, or name another`;
    problems.add('UNKNOWN_ACTION', where, message);
    return undefined;
  }
  if (action.transactional !== true) {
    const message = `branch "${branch.id}" cannot be prepared: ${action.name} changes no resources that Aura can hold; name an action with resources`;
    problems.add('NOT_TRANSACTIONAL', where, message);
    return undefined;
  }
  return { id: branch.id, action };
}

function actionOf(branches: readonly Branch[]): OfferedAction {
  const isUndone = branches.every(({ action }) => action.undo !== undefined);
  const input = objectOf(branches, ({ action }) => action.input);
  return {
    name: 'transaction',
    participant: BUILT_IN_PARTICIPANT,
    kind: 'stateful',
    description: 'Applies all of its branches, or none.',
    input,
    output: objectOf(branches, ({ action }) => action.output),
    emits: stepCompleted.type,
    publishes: [],
    ...(isUndone ? { undo: { name: 'transaction', input } } : {}),
  };
}

function objectOf(
  branches: readonly Branch[],
  member: (branch: Branch) => OfferedAction['input'],
): OfferedAction['input'] {
  const names = branches.map(({ id }) => id);
  const properties = Object.fromEntries(branches.map((branch) => [branch.id, member(branch)]));
  return {
    type: 'object',
    properties,
    required: names,
    additionalProperties: false,
  };
}
