import type { JsonValue } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import type { ResourceType } from '../participant/action';
import type { Prepared, RowBody, Stood } from './resource-operation';

/** A resource as its journal folds to it: what stands, and what transactions hold of it, by operation. */
export interface ResourceFold<S> {
  readonly state: S;
  readonly held: Readonly<Record<string, Prepared>>;
}

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
  const { changes, prepared = {} } = JSON.parse(row.body) as RowBody;
  const state = Object.values(changes).reduce<S>(
    (folded, change: JsonValue) => type.evolve(folded, change),
    fold.state,
  );
  // A hold and its end may share a row: the end comes behind it.
  const held = row.operations.reduce(without, { ...fold.held, ...prepared });
  return { state, held };
}

function without(held: ResourceFold<unknown>['held'], id: string): ResourceFold<unknown>['held'] {
  if (held[id] === undefined) return held;
  return Object.fromEntries(Object.entries(held).filter(([other]) => other !== id));
}
