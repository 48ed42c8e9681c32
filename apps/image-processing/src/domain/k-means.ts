import { colourDistance, type Oklab } from '@aura/colour';
import { meanColour, type CloudPoint } from './colour-cloud';

/** Rounds after which the clusters are taken as they are; pictures settle in ten to twenty. */
const MAX_ROUNDS = 30;

/** A centre that moves less than this between two rounds stands still. */
const STILL = 1e-4;

/**
 * Sorts a cloud into at most `count` clusters by k-means, started by k-means++ (Arthur and Vassilvitskii, 2007):
 * every first centre is drawn with a chance that grows with weight and squared distance from those drawn before.
 * The same cloud and the same `fractions` give the same clusters. No cluster is empty.
 */
export function kMeans(
  cloud: readonly CloudPoint[],
  count: number,
  fractions: () => number,
): readonly (readonly CloudPoint[])[] {
  let centres = firstCentres(cloud, count, fractions);
  let clusters = assign(cloud, centres);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const moved = clusters.map(meanColour);
    const still = moved.length === centres.length && moved.every((centre, i) => isStill(centre, centres[i]));
    if (still) return clusters;
    centres = moved;
    clusters = assign(cloud, centres);
  }
  return clusters;
}

function isStill(centre: Oklab, before: Oklab | undefined): boolean {
  return before !== undefined && colourDistance(centre, before) < STILL;
}

function firstCentres(
  cloud: readonly CloudPoint[],
  count: number,
  fractions: () => number,
): readonly Oklab[] {
  const centres: Oklab[] = [];
  let chances = cloud.map(({ weight }) => weight);
  while (centres.length < count) {
    const drawn = draw(cloud, chances, fractions());
    if (drawn === undefined) return centres;
    centres.push(drawn);
    chances = cloud.map(({ lab, weight }) => weight * distanceToNearest(lab, centres) ** 2);
  }
  return centres;
}

/** Draws a point by its chance; undefined when none has any (every colour is a centre already). */
function draw(cloud: readonly CloudPoint[], chances: readonly number[], fraction: number): Oklab | undefined {
  const total = chances.reduce((sum, chance) => sum + chance, 0);
  if (total <= 0) return undefined;
  let left = fraction * total;
  const index = chances.findIndex((chance) => {
    left -= chance;
    return left < 0;
  });
  return cloud[index === -1 ? cloud.length - 1 : index]?.lab;
}

function distanceToNearest(lab: Oklab, centres: readonly Oklab[]): number {
  return Math.min(...centres.map((centre) => colourDistance(lab, centre)));
}

function assign(cloud: readonly CloudPoint[], centres: readonly Oklab[]): readonly (readonly CloudPoint[])[] {
  const clusters: CloudPoint[][] = centres.map(() => []);
  for (const point of cloud) clusters[nearestIndex(point.lab, centres)]?.push(point);
  return clusters.filter((cluster) => cluster.length > 0);
}

function nearestIndex(lab: Oklab, centres: readonly Oklab[]): number {
  let nearest = 0;
  let least = Infinity;
  centres.forEach((centre, index) => {
    const distance = colourDistance(lab, centre);
    if (distance < least) [nearest, least] = [index, distance];
  });
  return nearest;
}
