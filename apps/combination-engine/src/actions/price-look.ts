import { lookPriced, pricedLook } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import { z } from 'zod';
import { CATALOGUE } from '../catalogue/catalogue';
import { priceLook as priceOf } from '../domain/price-look';

/** Input of `price-look`: ids of pieces. */
export const priceLookInput = z.object({ pieces: z.array(z.string().min(1).max(100)).min(1).max(12) });

/** Finds pieces of the catalogue and adds their prices up; pure, because that catalogue never changes. */
export const priceLook = defineAction({
  name: 'price-look',
  description: 'Finds pieces of the catalogue and adds their prices up.',
  kind: 'pure',
  input: priceLookInput,
  output: pricedLook,
  emits: lookPriced.type,
  run: ({ pieces }) => ({ output: priceOf(CATALOGUE, pieces) }),
});
