import type { TellingResult } from '@aura/messaging';
import type { Frame } from './frame';
import { judgeOperation } from './judge-operation';
import type { JudgedResource } from './judge-operation';
import type { ResourceFold } from './resource-fold';
import { foldStood } from './resource-fold';
import { answerTo, standingBehind } from './resource-operation';
import type { Applied, ResourceOperation, Stood } from './resource-operation';

/** An operation, and who waits for its answer. */
export interface Waiting {
  readonly operation: ResourceOperation;
  readonly resolve: (applied: Applied, behind?: TellingResult) => void;
  readonly reject: (error: unknown) => void;
  readonly frame?: Framing;
}

/** Rows around an operation's own, and who hears that the one in front has lost its place. */
export type Framing = Frame & { readonly taken: () => void };

/** An operation that does not stand yet, and how that one stands which it is about. */
export interface Open {
  readonly waiting: Waiting;
  readonly related?: Stood;
}

/** What a turn comes to: the fold behind it, how its operations stand from now on, every answer, and what could not be judged. */
export interface Decided<S> {
  readonly fold: ResourceFold<S>;
  readonly changes: ReadonlyMap<string, Stood>;
  readonly answers: readonly (readonly [Waiting, Applied])[];
  readonly failures: readonly (readonly [Waiting, unknown])[];
}

/** What one operation comes to: its answer, how operations stand from now on, and the fold behind them. */
interface Judged<S> {
  readonly applied: Applied;
  readonly stands: readonly (readonly [string, Stood])[];
  readonly fold: ResourceFold<S>;
}

/** Decides the operations of a turn one behind the other, each on what the ones before it leave. Pure. */
export function decideTurn<S>(resource: JudgedResource<S>, open: readonly Open[]): Decided<S> {
  let { fold } = resource;
  const changes = new Map<string, Stood>();
  const answers: [Waiting, Applied][] = [];
  const failures: [Waiting, unknown][] = [];
  for (const one of open) {
    const { operation } = one.waiting;
    const repeated = changes.get(operation.id);
    if (repeated !== undefined) {
      answers.push([one.waiting, answerTo(operation, repeated)]);
      continue;
    }
    try {
      const judged = judge({ ...resource, fold }, one, changes);
      answers.push([one.waiting, judged.applied]);
      for (const [id, stood] of judged.stands) changes.set(id, stood);
      ({ fold } = judged);
    } catch (error) {
      failures.push([one.waiting, error]);
    }
  }
  return { fold, changes, answers, failures };
}

function judge<S>(
  resource: JudgedResource<S>,
  { waiting: { operation }, related }: Open,
  changes: ReadonlyMap<string, Stood>,
): Judged<S> {
  const { want } = operation;
  const about = 'of' in want ? (changes.get(want.of) ?? related) : undefined;
  const applied = judgeOperation(resource, operation, about);
  const stands = standingBehind(operation, applied);
  const fold = stands.reduce((folded, one) => foldStood(resource.type, folded, one), resource.fold);
  return { applied, stands, fold };
}
