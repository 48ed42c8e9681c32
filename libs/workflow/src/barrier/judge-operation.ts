import type { JsonValue } from '@aura/contracts';
import type { ResourceType } from '../participant/action';
import type { ResourceFold } from './resource-fold';
import { givenUp, VOID } from './resource-operation';
import type { Applied, ResourceOperation, Stood } from './resource-operation';

/** A resource on which an operation is judged. */
export interface JudgedResource<S> {
  readonly type: ResourceType<S>;
  readonly id: string;
  readonly fold: ResourceFold<S>;
}

/**
 * What an operation comes to that does not stand yet. `related` is how the operation stands that it is about (the one
 * that is reversed, or prepared). Pure.
 */
export function judgeOperation<S>(
  resource: JudgedResource<S>,
  { id, want }: ResourceOperation,
  related: Stood | undefined,
): Applied {
  switch (want.kind) {
    case 'claim':
      return decide(resource, want.amount);
    case 'prepare':
      return related === undefined ? decide(resource, want.amount) : givenUp(want.of);
    case 'commit':
      return commit(resource, id);
    case 'reverse':
      return reverse(resource, related);
  }
}

function decide<S>({ type, id, fold }: JudgedResource<S>, amount: JsonValue): Applied {
  const holders = Object.values(fold.held);
  const [first] = holders;
  if (first === undefined) return verdict(type.decide(fold.state, amount, id));
  if (type.reserve === undefined) return { kind: 'held', by: first.transaction };
  const visible = holders.reduce<S>((state, { change }) => reserved(type, state, change), fold.state);
  const seen = verdict(type.decide(visible, amount, id));
  if (seen.kind !== 'refused') return seen;
  // Whoever holds it may release it: only what would be refused without that is a refusal.
  const alone = verdict(type.decide(fold.state, amount, id));
  return alone.kind === 'refused' ? alone : { kind: 'held', by: first.transaction };
}

function reserved<S>(type: ResourceType<S>, state: S, change: JsonValue): S {
  return type.reserve === undefined ? state : type.reserve(state, change);
}

function verdict(answer: ReturnType<ResourceType['decide']>): Applied {
  return 'refused' in answer
    ? { kind: 'refused', error: answer.refused }
    : { kind: 'applied', change: answer.change };
}

function commit<S>({ type, id, fold }: JudgedResource<S>, operation: string): Applied {
  const prepared = fold.held[operation];
  if (prepared !== undefined) return { kind: 'applied', change: prepared.change };
  const message = `${operation} is to be committed, but ${type.name}/${id} holds nothing of it`;
  return { kind: 'refused', error: { code: 'NOT_PREPARED', message } };
}

/** What was not applied cannot be any more; what was is taken back, unless somebody holds the resource whole. */
function reverse<S>({ type, fold }: JudgedResource<S>, related: Stood | undefined): Applied {
  if (related?.kind !== 'applied') return VOID;
  const [first] = Object.values(fold.held);
  if (first !== undefined && type.reserve === undefined) return { kind: 'held', by: first.transaction };
  return { kind: 'applied', change: type.reverse(related.change) };
}
