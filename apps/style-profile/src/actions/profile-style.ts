import {
  fraction,
  paletteColour,
  personId,
  queryUnderstanding,
  styleProfile,
  styleProfiled,
} from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import { z } from 'zod';
import { profileOf } from '../domain/profile';
import type { ProfileJournal } from '../history/profile-journal';

/**
 * Input of `profile-style`: the palette of a picture; the rest is better to have, and not needed.
 * Without `userId` no history is looked at. Brightness to warmth are as in `image.analysed`.
 */
export const profileStyleInput = z.object({
  userId: personId.optional(),
  palette: z.array(paletteColour).min(1).max(16),
  brightness: fraction.optional(),
  contrast: fraction.optional(),
  saturation: fraction.optional(),
  warmth: z.number().min(-1).max(1).optional(),
  query: queryUnderstanding.optional(),
});

/** Makes a style profile from a palette, a query and the person's history. Reading: the history changes with every saga. */
export function profileStyle(profiles: ProfileJournal) {
  return defineAction({
    name: 'profile-style',
    description:
      'Makes a style profile from the colours of a picture, the query, and what is known of the person.',
    kind: 'reading',
    input: profileStyleInput,
    output: styleProfile,
    emits: styleProfiled.type,
    run: async ({ palette, query, userId, ...impression }, context) => {
      const person = userId ?? context.userId;
      const history = person === undefined ? undefined : await profiles.history(person);
      return { output: profileOf({ userId: person, palette, impression, query }, context.now, history) };
    },
  });
}
