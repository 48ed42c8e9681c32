import { z } from 'zod';

/** Pieces of the catalogue with how many of each; an item of an outfit is one piece. */
export const wantedItems = z
  .array(z.object({ id: z.string().min(1).max(100), units: z.number().int().min(1).max(100_000).default(1) }))
  .min(1)
  .max(100);

/** Units by item, each item once, in the order of their names: of two steps that want the same two, none waits for the other. */
export function unitsByItem(
  items: z.output<typeof wantedItems>,
): readonly { readonly id: string; readonly units: number }[] {
  const sums = new Map<string, number>();
  for (const { id, units } of items) sums.set(id, (sums.get(id) ?? 0) + units);
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([id, units]) => ({ id, units }));
}
