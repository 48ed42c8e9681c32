import type { WeightedColour } from '@aura/contracts';
import { colourDistance, nearestColour, oklabOfHex } from '@aura/colour';
import type { CountedColour } from './impression';

/** A list of colours and how much it counts beside the others. */
export interface BlendPart {
  readonly colours: readonly CountedColour[];
  readonly weight: number;
}

/** Colours closer than this are one colour. */
const SAME_BELOW = 0.06;

/** Most colours that a profile keeps. */
const MOST_COLOURS = 8;

/** A colour with less than this part of the weight is forgotten. */
const LEAST_WEIGHT = 0.01;

/**
 * One list of colours from several: near colours are one (the heavier gives its hex), weights add up to 1, the
 * heaviest stands first. The order of the parts decides nothing but ties. Empty when no part has a colour.
 */
export function blendColours(parts: readonly BlendPart[]): readonly WeightedColour[] {
  const all = parts
    .flatMap(({ colours, weight }) =>
      normalised(colours).map((next) => ({ ...next, weight: next.weight * weight })),
    )
    .filter(({ weight }) => weight > 0)
    .sort(heavierFirst);
  const kept: { readonly hex: string; weight: number }[] = [];
  for (const next of all) {
    const same = kept.find(({ hex }) => colourDistance(oklabOfHex(hex), oklabOfHex(next.hex)) < SAME_BELOW);
    if (same === undefined) kept.push({ hex: next.hex, weight: next.weight });
    else same.weight += next.weight;
  }
  return named(kept);
}

function named(colours: readonly CountedColour[]): readonly WeightedColour[] {
  const seen = normalised(colours).filter(({ weight }) => weight >= LEAST_WEIGHT);
  const heaviest = normalised([...seen].sort(heavierFirst).slice(0, MOST_COLOURS));
  return heaviest.map(({ hex, weight }) => ({
    hex,
    name: nearestColour(hex).name,
    weight: Math.round(weight * 10_000) / 10_000,
  }));
}

function normalised(colours: readonly CountedColour[]): readonly CountedColour[] {
  const total = colours.reduce((sum, { weight }) => sum + weight, 0);
  return total === 0 ? [] : colours.map(({ hex, weight }) => ({ hex, weight: weight / total }));
}

function heavierFirst(one: CountedColour, other: CountedColour): number {
  return other.weight - one.weight || (one.hex < other.hex ? -1 : 1);
}
