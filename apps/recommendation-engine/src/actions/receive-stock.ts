import { stockMovement, stockReceived } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { HoldingsWish } from '@aura/workflow';
import { z } from 'zod';
import { movedItems } from '../stock/moved-items';
import { PIECES, stock } from '../stock/stock';
import { unitsByItem, wantedItems } from '../stock/wanted-items';

/** Input of `receive-stock`: what came in. */
export const receiveStockInput = z.object({ items: wantedItems });

/** Takes goods in. Never refused, and therefore without undo: they may be held in the next moment. */
export const receiveStock = defineAction({
  name: 'receive-stock',
  description: 'Takes pieces of the catalogue into stock.',
  kind: 'stateful',
  resources: [stock],
  input: receiveStockInput,
  output: stockMovement,
  emits: stockReceived.type,
  claim: ({ items }) =>
    unitsByItem(items).map(({ id, units }) => {
      const amount: HoldingsWish = { kind: 'receive', amount: units, unit: PIECES };
      return { type: stock.name, id, amount };
    }),
  outcome: (_input, applied) => ({ output: { items: movedItems(applied) } }),
});
