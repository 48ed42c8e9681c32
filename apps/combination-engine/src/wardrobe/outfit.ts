import { savedOutfit } from '@aura/contracts';
import type { JsonValue, SavedOutfit } from '@aura/contracts';
import type { ResourceType } from '@aura/workflow';
import { z } from 'zod';

/** What a claim wants of an outfit, as its `amount`. */
export const outfitWish = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('save'), outfit: savedOutfit }),
  z.strictObject({ kind: z.literal('remove'), userId: z.string().min(1), outfitId: z.string().min(1) }),
]);

export type OutfitWish = z.infer<typeof outfitWish>;

/** A change of an outfit: it brings the outfit along in both directions, so that either can be taken back. */
export interface OutfitChange {
  readonly kind: 'saved' | 'removed';
  readonly outfit: SavedOutfit;
}

/**
 * Whether a person keeps an outfit, and for which reservation. It is there or it is not: nothing that could be counted, so
 * that it is one step's alone while that step is not decided. Stream `outfit/<userId>/<outfitId>`.
 */
export const outfit: ResourceType<SavedOutfit | null> = {
  name: 'outfit',
  initial: null,
  evolve: (saved, change) => evolveOutfit(saved, changeOf(change)),
  decide: (saved, wish) => {
    const wanted = outfitWish.parse(wish);
    return wanted.kind === 'save' ? decideSave(saved, wanted.outfit) : decideRemove(saved, wanted);
  },
  reverse: (change) => {
    const { kind, outfit } = changeOf(change);
    return changeAs(kind === 'saved' ? 'removed' : 'saved', outfit);
  },
};

/** Id of the resource of a person's outfit. */
export function outfitResourceId({
  userId,
  outfitId,
}: {
  readonly userId: string;
  readonly outfitId: string;
}): string {
  return `${userId}/${outfitId}`;
}

/** The outfit of a change. */
export function outfitOfChange(change: JsonValue): SavedOutfit {
  return changeOf(change).outfit;
}

/** Taking a saving back does nothing to an outfit that was saved anew for another reservation meanwhile. */
function evolveOutfit(saved: SavedOutfit | null, { kind, outfit }: OutfitChange): SavedOutfit | null {
  if (kind === 'saved') return outfit;
  return saved?.reservation === outfit.reservation ? null : saved;
}

function decideSave(saved: SavedOutfit | null, wanted: SavedOutfit) {
  if (saved === null) return { change: changeAs('saved', wanted) };
  return {
    refused: {
      code: 'ALREADY_SAVED',
      message: `${wanted.userId} keeps the outfit ${wanted.outfitId} already, for the reservation ${saved.reservation}`,
      help: 'Give that reservation up first (release_look), or choose another outfit.',
    },
  };
}

function decideRemove(
  saved: SavedOutfit | null,
  { userId, outfitId }: { readonly userId: string; readonly outfitId: string },
) {
  if (saved !== null) return { change: changeAs('removed', saved) };
  return {
    refused: {
      code: 'NOT_SAVED',
      message: `${userId} keeps no outfit ${outfitId}`,
      help: 'Give person and outfit as reserve_look has answered them; one that was given up is gone.',
    },
  };
}

function changeAs(kind: OutfitChange['kind'], outfit: SavedOutfit) {
  return { kind, outfit } satisfies OutfitChange;
}

/** Changes of a journal were decided here. */
function changeOf(change: JsonValue): OutfitChange {
  return change as unknown as OutfitChange;
}
