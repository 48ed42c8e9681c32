import type { ErrorRecord, JsonValue } from '@aura/contracts';
import { z } from 'zod';
import type { ResourceType } from '../participant/action';
import {
  availableOf,
  evolveHoldings,
  heldBy,
  heldOf,
  NO_HOLDINGS,
  reserveHoldings,
  reverseHoldings,
} from './holdings';
import type { Holdings, HoldingsChange } from './holdings';

const amount = z.int().min(1);
const hold = z.string().min(1);

/** What a claim wants of holdings, as its `amount`. */
export const holdingsWish = z.discriminatedUnion('kind', [
  /** Adds to what is available. Has no refusal but another unit, and no undo: what came in may be held by now. */
  z.strictObject({ kind: z.literal('receive'), amount, unit: z.string().min(1) }),
  /** Takes from what is available, under a name. Refused when too little is there. */
  z.strictObject({ kind: z.literal('hold'), hold, amount, unit: z.string().min(1) }),
  /** Makes available what is left of a hold; nothing, when there is none. Never refused, and without undo. */
  z.strictObject({ kind: z.literal('release'), hold }),
  /** Spends the whole of a hold. Refused when there is none. */
  z.strictObject({ kind: z.literal('spend'), hold }),
]);

export type HoldingsWish = z.infer<typeof holdingsWish>;

type Refusal = Pick<ErrorRecord, 'code' | 'message' | 'help'>;

/** What a refusal may tell of. */
export interface HoldingsFigures {
  readonly id: string;
  readonly available: number;
  readonly held: number;
  /** Null: nothing was ever received. */
  readonly unit: string | null;
}

/** What a kind of holdings says when it refuses. */
export interface HoldingsWords {
  tooLittle(figures: HoldingsFigures, wanted: { readonly amount: number; readonly unit: string }): Refusal;
  otherUnit(figures: HoldingsFigures, wanted: { readonly unit: string }): Refusal;
  /** A hold of this name is there already: its owner is another one, or asks twice. */
  heldAlready(figures: HoldingsFigures, wanted: { readonly hold: string }): Refusal;
  nothingHeld(figures: HoldingsFigures, wanted: { readonly hold: string }): Refusal;
}

type Verdict = { readonly change: HoldingsChange } | { readonly refused: Refusal };

/**
 * A resource type that is counted in whole units: received, held, and then spent or released. A claim's `amount` is a
 * {@link HoldingsWish}. Undoing a hold releases it.
 */
export function defineHoldings(name: string, words: HoldingsWords): ResourceType<Holdings> {
  return {
    name,
    initial: NO_HOLDINGS,
    evolve: (holdings, change) => evolveHoldings(holdings, changeOf(change)),
    decide: (holdings, wish, id) => decideHoldings(words, holdings, { wish: holdingsWish.parse(wish), id }),
    reverse: (change) => reverseHoldings(changeOf(change)),
    reserve: (holdings, prepared) => reserveHoldings(holdings, changeOf(prepared)),
  };
}

/** A wish, and what there is. */
interface Asked<K extends HoldingsWish['kind']> {
  readonly wish: Extract<HoldingsWish, { readonly kind: K }>;
  readonly holdings: Holdings;
  readonly figures: HoldingsFigures;
  readonly words: HoldingsWords;
}

function decideHoldings(
  words: HoldingsWords,
  holdings: Holdings,
  { wish, id }: { readonly wish: HoldingsWish; readonly id: string },
): Verdict {
  const { unit } = holdings;
  const figures = { id, available: availableOf(holdings), held: heldOf(holdings), unit };
  const asked = { holdings, figures, words };
  switch (wish.kind) {
    case 'receive':
      return decideReceive({ ...asked, wish });
    case 'hold':
      return decideHold({ ...asked, wish });
    case 'release':
      return {
        change: { kind: 'released', hold: wish.hold, amount: heldBy(holdings, wish.hold), unit },
      };
    case 'spend':
      return decideSpend({ ...asked, wish });
  }
}

function decideReceive({ wish, holdings, figures, words }: Asked<'receive'>): Verdict {
  if (isOtherUnit(holdings, wish)) return { refused: words.otherUnit(figures, wish) };
  return { change: { kind: 'received', amount: wish.amount, unit: wish.unit } };
}

function decideHold({ wish, holdings, figures, words }: Asked<'hold'>): Verdict {
  if (isOtherUnit(holdings, wish)) return { refused: words.otherUnit(figures, wish) };
  if (heldBy(holdings, wish.hold) > 0) return { refused: words.heldAlready(figures, wish) };
  if (figures.available < wish.amount) return { refused: words.tooLittle(figures, wish) };
  return { change: { kind: 'held', hold: wish.hold, amount: wish.amount, unit: wish.unit } };
}

function decideSpend({ wish, holdings, figures, words }: Asked<'spend'>): Verdict {
  const amount = heldBy(holdings, wish.hold);
  if (amount === 0) return { refused: words.nothingHeld(figures, wish) };
  return { change: { kind: 'spent', hold: wish.hold, amount, unit: holdings.unit } };
}

function isOtherUnit({ unit }: Holdings, wanted: { readonly unit: string }): boolean {
  return unit !== null && unit !== wanted.unit;
}

/** Changes of a journal were decided here. */
function changeOf(change: JsonValue): HoldingsChange {
  return change as unknown as HoldingsChange;
}
