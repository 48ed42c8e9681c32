import type { ErrorRecord, JsonValue } from '@aura/contracts';

/** What an operation made of one resource. */
export type Applied =
  | { readonly kind: 'applied'; readonly change: JsonValue }
  | { readonly kind: 'refused'; readonly error: Pick<ErrorRecord, 'code' | 'message' | 'help'> }
  /** Taken back before it was applied: it never will be. */
  | { readonly kind: 'void' };

/** One operation on a resource. */
export interface ResourceOperation {
  readonly id: string;
  /**
   * The count of loads from before the step of this operation was found without a claim, given by the call that
   * appended the claim. As long as this writer loaded nothing since, whoever applied the operation must be in its
   * memory, and the index need not be asked.
   */
  readonly asked?: number;
  readonly want:
    | { readonly kind: 'claim'; readonly amount: JsonValue }
    /** Reverses another operation of this resource. One that was not applied is made void: it cannot be any more. */
    | { readonly kind: 'reverse'; readonly of: string };
}

/** Changes by operation; an operation of the row without one is void. */
export interface RowBody {
  readonly changes: Readonly<Record<string, JsonValue>>;
}

/** How an operation stands: its change, or void. */
export type Stood = Exclude<Applied, { readonly kind: 'refused' }>;

/** An operation that can never be applied. */
export const VOID = { kind: 'void' } as const;

/** A claim that was made void is refused; a reversal of one that was never applied has nothing to say. */
export function answerTo({ id, want }: ResourceOperation, stood: Stood): Applied {
  if (stood.kind === 'applied' || want.kind === 'reverse') return stood;
  const message = `${id} was given up before it took effect`;
  return { kind: 'refused', error: { code: 'GIVEN_UP', message } };
}

/** Operations that stand behind one: a reversal of what was not applied takes the key of that, too. */
export function standingBehind(
  { id, want }: ResourceOperation,
  applied: Applied,
): readonly (readonly [string, Stood])[] {
  if (applied.kind === 'refused') return [];
  return applied.kind === 'void' && want.kind === 'reverse'
    ? [
        [want.of, VOID],
        [id, VOID],
      ]
    : [[id, applied]];
}

/** What is written of the operations of a row. */
export function changesOf(stands: ReadonlyMap<string, Stood>): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(
    [...stands].flatMap(([id, stood]) => (stood.kind === 'applied' ? [[id, stood.change] as const] : [])),
  );
}
