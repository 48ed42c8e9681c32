import type { ErrorRecord, JsonValue } from '@aura/contracts';

/** What an operation made of one resource. */
export type Applied =
  | { readonly kind: 'applied'; readonly change: JsonValue }
  | { readonly kind: 'refused'; readonly error: Pick<ErrorRecord, 'code' | 'message' | 'help'> }
  /** A transaction holds what is wanted: nothing is written, and it may be free a moment later. */
  | { readonly kind: 'held'; readonly by: string }
  /** Taken back before it was applied: it never will be. */
  | { readonly kind: 'void' };

/** One operation on a resource. */
export interface ResourceOperation {
  readonly id: string;
  /**
   * The count of loads from before the step of this operation was found without a claim, given by the call that
   * appended the claim. As long as the writer remembers all that it wrote or loaded since, it knows whether the operation
   * stands, and the index need not be asked.
   */
  readonly asked?: number;
  readonly want:
    | { readonly kind: 'claim'; readonly amount: JsonValue }
    /** Decides what another operation will change, and holds it for a transaction until it is committed or reversed. */
    | {
        readonly kind: 'prepare';
        readonly of: string;
        readonly amount: JsonValue;
        readonly transaction: string;
      }
    /** Applies what was prepared for this operation. */
    | { readonly kind: 'commit' }
    /** Reverses another operation of this resource. One that was not applied is made void: it cannot be any more. */
    | { readonly kind: 'reverse'; readonly of: string };
}

/** A change that a transaction holds until the decision. */
export interface Prepared {
  readonly change: JsonValue;
  readonly transaction: string;
}

/** Changes by operation; an operation of the row without one is void. */
export interface RowBody {
  readonly changes: Readonly<Record<string, JsonValue>>;
  /** What is held from this row on, by the operation that will apply it. */
  readonly prepared?: Readonly<Record<string, Prepared>>;
}

/** How an operation stands: its change, what it prepared, or void. */
export type Stood =
  | { readonly kind: 'applied'; readonly change: JsonValue }
  | { readonly kind: 'prepared'; readonly of: string; readonly prepared: Prepared }
  | { readonly kind: 'void' };

/** An operation that can never be applied. */
export const VOID = { kind: 'void' } as const;

/** What stands already is answered as it stands; a claim that was made void is refused. */
export function answerTo({ id, want }: ResourceOperation, stood: Stood): Applied {
  if (stood.kind === 'prepared') return { kind: 'applied', change: stood.prepared.change };
  if (stood.kind === 'applied' || want.kind === 'reverse') return stood;
  return givenUp(id);
}

/** The refusal of an operation that was made void before. */
export function givenUp(id: string): Applied {
  const message = `${id} was given up before it took effect`;
  return { kind: 'refused', error: { code: 'GIVEN_UP', message } };
}

/** Operations that stand behind one: a reversal of what was not applied takes the key of that, too. */
export function standingBehind(
  { id, want }: ResourceOperation,
  applied: Applied,
): readonly (readonly [string, Stood])[] {
  if (applied.kind === 'refused' || applied.kind === 'held') return [];
  if (want.kind === 'prepare' && applied.kind === 'applied') {
    const { of, transaction } = want;
    return [[id, { kind: 'prepared', of, prepared: { change: applied.change, transaction } }]];
  }
  return applied.kind === 'void' && want.kind === 'reverse'
    ? [
        [want.of, VOID],
        [id, VOID],
      ]
    : [[id, applied]];
}

/** What is written of the operations of a row. */
export function bodyOf(stands: ReadonlyMap<string, Stood>): RowBody {
  const all = [...stands];
  const changes = all.flatMap(([id, stood]) =>
    stood.kind === 'applied' ? [[id, stood.change] as const] : [],
  );
  const prepared = all.flatMap(([, stood]) =>
    stood.kind === 'prepared' ? [[stood.of, stood.prepared] as const] : [],
  );
  const body = { changes: Object.fromEntries(changes) };
  return prepared.length === 0 ? body : { ...body, prepared: Object.fromEntries(prepared) };
}

/** How an operation stands in a row that performs it. */
export function stoodIn({ changes, prepared = {} }: RowBody, id: string): Stood {
  const change = changes[id];
  if (change !== undefined) return { kind: 'applied', change };
  const of = operationPreparedBy(id);
  const held = of === undefined ? undefined : prepared[of];
  return of === undefined || held === undefined ? VOID : { kind: 'prepared', of, prepared: held };
}

const PREPARE = '/prepare';

/** Id of the operation that prepares another one. */
export function preparing(id: string): string {
  return `${id}${PREPARE}`;
}

function operationPreparedBy(id: string): string | undefined {
  return id.endsWith(PREPARE) ? id.slice(0, -PREPARE.length) : undefined;
}
