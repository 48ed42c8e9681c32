import type { Chance } from '@aura/testing';

/** Analyses that change nothing run beside the orders. */
export const ANALYSIS = 'complete_fashion_analysis';
/** Holds money and stock and saves an outfit, each at another of the five services, or undoes what it has. */
export const RESERVATION = 'reserve_look_in_sequence';
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
