import { defineHoldings } from '@aura/workflow';
import type { HoldingsFigures } from '@aura/workflow';

/** What stock is counted in. */
export const PIECES = 'pieces';

/** A piece of the catalogue, in units: what came in is on hand, held for a reservation, or sold. Stream `stock/<item>`. */
export const stock = defineHoldings('stock', {
  tooLittle: (figures, { amount }) => ({
    code: 'OUT_OF_STOCK',
    message: `${amount} of ${figures.id} are wanted, of which ${countText(figures)}`,
    help: 'Choose another piece, give up a reservation (release_look), or take goods in by the workflow stock_wardrobe.',
  }),
  otherUnit: ({ id, unit }, wanted) => ({
    code: 'UNIT_MISMATCH',
    message: `${id} is counted in ${unit}, not in ${wanted.unit}`,
    help: `Give units in ${unit}.`,
  }),
  heldAlready: ({ id }, { hold }) => ({
    code: 'ALREADY_HELD',
    message: `${id} is held for the reservation ${hold} already`,
    help: 'Give the reservation another name, or release the one that is there.',
  }),
  nothingHeld: (figures, { hold }) => ({
    code: 'NOTHING_HELD',
    message: `nothing of ${figures.id} is held for the reservation ${hold}; ${countText(figures)}`,
    help: 'Hold the pieces first, or name the reservation that they are held for.',
  }),
});

function countText({ unit, available, held }: HoldingsFigures): string {
  return unit === null ? 'none ever came in' : `${available} are on hand and ${held} held`;
}
