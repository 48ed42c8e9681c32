/**
 * How much there is of something that is counted in whole units, and who holds some of it. Invariant: what was received
 * is what is available, held and spent, and none of the three is ever below nothing.
 */
export interface Holdings {
  /** What is counted, e.g. a currency; that of the first receipt, null before it. */
  readonly unit: string | null;
  readonly received: number;
  readonly spent: number;
  /** What is held, by the name of the hold. */
  readonly holds: Readonly<Record<string, number>>;
}

/**
 * A change of holdings. `released` gives back what is left of a hold, `returned`, `unspent` take back a receipt and a
 * spending; they are made by reversal alone.
 */
export type HoldingsChange =
  | { readonly kind: 'received' | 'returned'; readonly amount: number; readonly unit: string }
  | {
      readonly kind: 'held' | 'released' | 'spent' | 'unspent';
      readonly hold: string;
      readonly amount: number;
      /** Null: there was nothing to release, as nothing was ever received. */
      readonly unit: string | null;
    };

/** Nothing was received yet. */
export const NO_HOLDINGS: Holdings = { unit: null, received: 0, spent: 0, holds: {} };

/** What a hold has. */
export function heldBy({ holds }: Holdings, hold: string): number {
  return Object.hasOwn(holds, hold) ? (holds[hold] ?? 0) : 0;
}

/** What is held in all. */
export function heldOf({ holds }: Holdings): number {
  return Object.values(holds).reduce((sum, amount) => sum + amount, 0);
}

/** What is neither held nor spent. */
export function availableOf(holdings: Holdings): number {
  return holdings.received - holdings.spent - heldOf(holdings);
}

/** Holdings behind a change. Total: of a hold nothing can be taken that is not there any more. */
export function evolveHoldings(holdings: Holdings, change: HoldingsChange): Holdings {
  const { received, spent } = holdings;
  switch (change.kind) {
    case 'received':
      return { ...holdings, unit: holdings.unit ?? change.unit, received: received + change.amount };
    case 'returned':
      return { ...holdings, received: received - change.amount };
    case 'held':
      return withHold(holdings, change.hold, change.amount);
    case 'released':
      return withHold(holdings, change.hold, -takenOf(holdings, change));
    case 'spent': {
      const taken = takenOf(holdings, change);
      return { ...withHold(holdings, change.hold, -taken), spent: spent + taken };
    }
    case 'unspent':
      return { ...withHold(holdings, change.hold, change.amount), spent: spent - change.amount };
  }
}

/**
 * Holdings as others see them while a transaction holds a change: what it takes is gone, what it gives is not there yet.
 */
export function reserveHoldings(holdings: Holdings, change: HoldingsChange): Holdings {
  switch (change.kind) {
    case 'held':
      return evolveHoldings(holdings, change);
    case 'released':
    case 'spent':
      return evolveHoldings(holdings, { ...change, kind: 'spent' });
    default:
      return holdings;
  }
}

/** The change that takes another one back. */
export function reverseHoldings(change: HoldingsChange): HoldingsChange {
  return { ...change, kind: REVERSED[change.kind] } as HoldingsChange;
}

const REVERSED = {
  received: 'returned',
  returned: 'received',
  held: 'released',
  released: 'held',
  spent: 'unspent',
  unspent: 'spent',
} as const;

function takenOf(
  holdings: Holdings,
  { hold, amount }: { readonly hold: string; readonly amount: number },
): number {
  return Math.min(amount, heldBy(holdings, hold));
}

function withHold(holdings: Holdings, hold: string, more: number): Holdings {
  const amount = heldBy(holdings, hold) + more;
  if (amount !== 0) return { ...holdings, holds: { ...holdings.holds, [hold]: amount } };
  const others = Object.entries(holdings.holds).filter(([name]) => name !== hold);
  return { ...holdings, holds: Object.fromEntries(others) };
}
