import { outfitRemoved, personId, savedOutfit } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import { z } from 'zod';
import { outfit, outfitOfChange, outfitResourceId } from '../wardrobe/outfit';
import type { OutfitWish } from '../wardrobe/outfit';

/** Input of `remove-outfit`. */
export const removeOutfitInput = z.object({
  userId: personId,
  outfitId: z.string().min(1).max(200),
});

/** Takes an outfit away from a person's own, and tells what was held for it. Refusal: NOT_SAVED. */
export const removeOutfit = defineAction({
  name: 'remove-outfit',
  description: "Takes an outfit away from a person's own.",
  kind: 'stateful',
  resources: [outfit],
  input: removeOutfitInput,
  output: savedOutfit,
  emits: outfitRemoved.type,
  claim: ({ userId, outfitId }) => {
    const wish: OutfitWish = { kind: 'remove', userId, outfitId };
    return [{ type: outfit.name, id: outfitResourceId({ userId, outfitId }), amount: wish }];
  },
  outcome: ({ outfitId }, applied) => {
    const [removed] = applied;
    if (removed === undefined) throw new TypeError(`nothing was removed for ${outfitId}`);
    return { output: outfitOfChange(removed.change) };
  },
  undo: { name: 'save-outfit' },
});
