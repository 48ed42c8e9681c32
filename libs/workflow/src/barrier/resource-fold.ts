import type { JsonValue } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import type { ResourceType } from '../participant/action';
import type { Prepared, RowBody, Stood } from './resource-operation';

/** A resource as its journal folds to it: what stands, and what transactions hold of it, by operation. */
export interface ResourceFold<S> {
  readonly state: S;
  readonly held: Readonly<Record<string, Prepared>>;
}

type Held = ResourceFold<unknown>['held'];

/** Version of the fold that snapshots are kept of. */
export const FOLD_VERSION = 2;

/** A resource without a journal. */
export function initialFold<S>(type: ResourceType<S>): ResourceFold<S> {
  return { state: type.initial, held: {} };
}

/** Folds one operation as it stands. Pure. */
export function foldStood<S>(
  type: ResourceType<S>,
  fold: ResourceFold<S>,
  [id, stood]: readonly [string, Stood],
): ResourceFold<S> {
  switch (stood.kind) {
    case 'applied':
      return { state: type.evolve(fold.state, stood.change), held: without(fold.held, id) };
    case 'prepared':
      return { ...fold, held: { ...fold.held, [stood.of]: stood.prepared } };
    case 'void':
      return { ...fold, held: without(fold.held, id) };
  }
}

/** Folds one row. Pure. */
export function foldRow<S>(type: ResourceType<S>, fold: ResourceFold<S>, row: JournalRow): ResourceFold<S> {
  const { changes, prepared } = JSON.parse(row.body) as RowBody;
  let { state } = fold;
  for (const id in changes) state = type.evolve(state, changes[id] as JsonValue);
  return { state, held: heldBehind(fold.held, prepared, row.operations) };
}

/** What is held behind a row. A hold and its end may share it: the end comes behind. */
function heldBehind(held: Held, prepared: Held | undefined, operations: readonly string[]): Held {
  if (prepared === undefined) return operations.reduce(without, held);
  return operations.reduce(without, { ...held, ...prepared });
}

/** The same object when nothing is held by that operation: most rows hold and release nothing. */
function without(held: Held, id: string): Held {
  if (held[id] === undefined) return held;
  return Object.fromEntries(Object.entries(held).filter(([other]) => other !== id));
}
