import type { Chance } from '@aura/testing';

/** Analyses that change nothing run beside the orders. */
export const ANALYSIS = 'complete_fashion_analysis';
/** Each holds money and stock and saves an outfit, at three services: in one transaction, or step by step with undo. */
export const RESERVATIONS = ['reserve_look', 'reserve_look_in_sequence'] as const;
/** Who reserves looks. */
export const LOOK_CUSTOMER = 'ada';

const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}-${String(n + 1).padStart(2, '0')}`);

/** Pieces of the catalogue of which looks are made. */
export const LOOK_PIECES = {
  tops: numbered('top', 16),
  bottoms: numbered('bot', 14),
  shoes: numbered('sho', 13),
};

/** A reservation of some look; one that was saved before is refused by the last of its steps. */
export function someReservation(chance: Chance): { readonly userId: string; readonly pieces: string[] } {
  const { tops, bottoms, shoes } = LOOK_PIECES;
  return { userId: LOOK_CUSTOMER, pieces: [chance.pick(tops), chance.pick(bottoms), chance.pick(shoes)] };
}
