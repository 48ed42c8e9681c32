import { outfitItem, outfitSaved, personId, reservationId, savedOutfit } from '@aura/contracts';
import type { SavedOutfit } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { ActionContext } from '@aura/workflow';
import { z } from 'zod';
import { outfit, outfitResourceId } from '../wardrobe/outfit';
import type { OutfitWish } from '../wardrobe/outfit';

/** Input of `save-outfit`. Without `reservation`: the saga's id. */
export const saveOutfitInput = z.object({
  userId: personId,
  outfitId: z.string().min(1).max(200),
  reservation: reservationId.optional(),
  items: z.array(outfitItem).min(1).max(12),
});

/** Puts an outfit among a person's own. Refusal: ALREADY_SAVED. */
export const saveOutfit = defineAction({
  name: 'save-outfit',
  description: "Puts an outfit among a person's own.",
  kind: 'stateful',
  resources: [outfit],
  input: saveOutfitInput,
  output: savedOutfit,
  emits: outfitSaved.type,
  claim: (input, context) => {
    const wish: OutfitWish = { kind: 'save', outfit: toSave(input, context) };
    return [{ type: outfit.name, id: outfitResourceId(input), amount: wish }];
  },
  outcome: (input, _applied, context) => ({ output: toSave(input, context) }),
  undo: { name: 'remove-outfit' },
});

function toSave(
  { userId, outfitId, items, reservation }: z.output<typeof saveOutfitInput>,
  { saga }: Pick<ActionContext, 'saga'>,
): SavedOutfit {
  return { userId, outfitId, reservation: reservation ?? saga, items };
}
