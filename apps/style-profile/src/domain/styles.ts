import type { WeightedStyle } from '@aura/contracts';
import { nearestColour, type ColourFamily } from '@aura/colour';
import type { CountedColour, Impression } from './impression';

/** What the rules of styles look at. */
interface Look {
  readonly impression: Impression;
  /** Part of the colours (0 to 1) that belongs to any of the families. */
  readonly part: (...families: readonly ColourFamily[]) => number;
}

/** How strongly colours speak of a style, 0 to about 1. Rules of thumb; a picture's cut and cloth are not seen. */
const RULES: Readonly<Record<string, (look: Look) => number>> = {
  minimal: ({ impression, part }) =>
    part('white', 'grey', 'black', 'beige') * (1 - Math.min(1, impression.saturation * 2)),
  classic: ({ impression, part }) => part('blue', 'white', 'grey', 'beige') * (0.5 + impression.contrast / 2),
  elegant: ({ impression, part }) => part('black', 'grey', 'purple', 'blue') * (1 - impression.brightness),
  bold: ({ impression }) => Math.min(1, impression.saturation * 1.4) * (0.4 + 0.6 * impression.contrast),
  romantic: ({ impression, part }) => part('pink', 'purple', 'red', 'white') * impression.brightness,
  natural: ({ part }) => part('brown', 'beige', 'green', 'orange'),
  sporty: ({ impression, part }) => part('blue', 'red', 'yellow', 'orange') * impression.saturation,
};

/** Most styles that a profile names. */
const MOST_STYLES = 4;

/** The styles that colours speak of, the strongest first; never empty. */
export function stylesOf(
  colours: readonly CountedColour[],
  impression: Impression,
): readonly WeightedStyle[] {
  const total = colours.reduce((sum, { weight }) => sum + weight, 0);
  const families = colours.map(({ hex, weight }) => ({
    family: nearestColour(hex).family,
    part: weight / total,
  }));
  const part: Look['part'] = (...wanted) =>
    families.filter(({ family }) => wanted.includes(family)).reduce((sum, next) => sum + next.part, 0);
  return strongest(
    Object.entries(RULES).map(([name, rule]) => ({ name, weight: Math.max(0, rule({ impression, part })) })),
  );
}

/** Adds up the weights of the same style, each list counted as told, and keeps the strongest; weights add up to 1. */
export function blendStyles(
  lists: readonly { readonly styles: readonly WeightedStyle[]; readonly weight: number }[],
): readonly WeightedStyle[] {
  const sums = new Map<string, number>();
  for (const { styles, weight } of lists) {
    for (const style of styles) sums.set(style.name, (sums.get(style.name) ?? 0) + style.weight * weight);
  }
  return strongest([...sums].map(([name, weight]) => ({ name, weight })));
}

function strongest(styles: readonly WeightedStyle[]): readonly WeightedStyle[] {
  const first = [...styles]
    .sort((one, other) => other.weight - one.weight || (one.name < other.name ? -1 : 1))
    .slice(0, MOST_STYLES);
  const total = first.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return [{ name: 'classic', weight: 1 }];
  return first
    .map(({ name, weight }) => ({ name, weight: Math.round((weight / total) * 1000) / 1000 }))
    .filter(({ weight }) => weight > 0);
}
