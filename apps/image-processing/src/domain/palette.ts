import type { PaletteColour } from '@aura/contracts';
import { colourDistance, hexOfOklab, nearestColour, type Oklab } from '@aura/colour';
import { meanColour, totalWeight, type CloudPoint } from './colour-cloud';
import { kMeans } from './k-means';
import { seededFractions } from './seeded-fractions';

/** Clusters looked for at first; near ones are merged. */
const CLUSTERS = 10;

/** Clusters closer than this are one colour in the light and in the shadow of a fold. */
const MERGE_BELOW = 0.07;

/** Light changes lightness most: differences of lightness count less than those of hue and chroma. */
const LIGHTNESS_COUNTS = 0.6;

/** Colours that cover less than this part of the picture are left to their nearest neighbour. */
const LEAST_SHARE = 0.015;

/** Most colours that a palette has. */
const MOST_COLOURS = 8;

/** The start of k-means is a constant: a palette depends on the pixels alone. */
const SEED = 0x5eed;

/** A cluster at its mean, as heavy as all its points. */
type Cluster = CloudPoint;

/**
 * The main colours of a cloud that is not empty, largest share first. Shares have four decimals and add up to
 * exactly 1 in units of 0.0001; no colour stands twice.
 */
export function paletteOf(cloud: readonly CloudPoint[]): readonly PaletteColour[] {
  const clusters = kMeans(cloud, CLUSTERS, seededFractions(SEED)).map((points) => ({
    lab: meanColour(points),
    weight: totalWeight(points),
  }));
  const merged = mergeWhile(
    clusters,
    (pair, all) => pair.distance < MERGE_BELOW || all.length > MOST_COLOURS,
  );
  const main = dropSmall(merged);
  return withShares(main.map(({ lab, weight }) => ({ hex: hexOfOklab(lab), weight })));
}

interface Pair {
  readonly one: number;
  readonly other: number;
  readonly distance: number;
}

function mergeWhile(
  clusters: readonly Cluster[],
  goOn: (pair: Pair, all: readonly Cluster[]) => boolean,
): readonly Cluster[] {
  let all = clusters;
  for (let pair = closestPair(all); pair !== undefined && goOn(pair, all); pair = closestPair(all)) {
    const { one, other } = pair;
    const both = all.filter((_, index) => index === one || index === other);
    const rest = all.filter((_, index) => index !== one && index !== other);
    all = [...rest, { lab: meanColour(both), weight: totalWeight(both) }];
  }
  return all;
}

function closestPair(clusters: readonly Cluster[]): Pair | undefined {
  const pairs = clusters.flatMap((first, one) =>
    clusters.slice(one + 1).map((second, behind) => ({
      one,
      other: one + 1 + behind,
      distance: shadeDistance(first.lab, second.lab),
    })),
  );
  return pairs.reduce<Pair | undefined>(
    (best, pair) => (best === undefined || pair.distance < best.distance ? pair : best),
    undefined,
  );
}

function shadeDistance(one: Oklab, other: Oklab): number {
  return Math.hypot((one.l - other.l) * LIGHTNESS_COUNTS, one.a - other.a, one.b - other.b);
}

/** Gives the pixels of a colour that is hardly there to its nearest neighbour, without moving the neighbour. */
function dropSmall(clusters: readonly Cluster[]): readonly Cluster[] {
  const least = totalWeight(clusters) * LEAST_SHARE;
  const main = clusters.filter(({ weight }) => weight >= least);
  const small = clusters.filter(({ weight }) => weight < least);
  return main.map((cluster) => {
    const taken = small.filter(({ lab }) => nearestOf(lab, main) === cluster);
    return { lab: cluster.lab, weight: cluster.weight + totalWeight(taken) };
  });
}

function nearestOf(lab: Oklab, clusters: readonly Cluster[]): Cluster | undefined {
  return [...clusters].sort((one, other) => colourDistance(lab, one.lab) - colourDistance(lab, other.lab))[0];
}

/** Turns weights into shares of ten thousand by largest remainder, so that they add up. */
function withShares(
  colours: readonly { readonly hex: string; readonly weight: number }[],
): readonly PaletteColour[] {
  const total = colours.reduce((sum, { weight }) => sum + weight, 0);
  const parts = colours.map(({ hex, weight }) => {
    const exact = (weight / total) * 10_000;
    return { hex, units: Math.floor(exact), remainder: exact - Math.floor(exact) };
  });
  const missing = 10_000 - parts.reduce((sum, { units }) => sum + units, 0);
  const lucky = new Set([...parts].sort((one, other) => other.remainder - one.remainder).slice(0, missing));
  return parts
    .map((part) => ({
      hex: part.hex,
      share: (part.units + (lucky.has(part) ? 1 : 0)) / 10_000,
      name: nearestColour(part.hex).name,
    }))
    .sort((one, other) => other.share - one.share || (one.hex < other.hex ? -1 : 1));
}
