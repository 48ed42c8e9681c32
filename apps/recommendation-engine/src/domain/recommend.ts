import type { Outfit, OutfitItem, Recommendation } from '@aura/contracts';
import { isRefused } from '@aura/garment';
import { argueBudget, isWithinBudget } from './argue-budget';
import { argueHarmony } from './argue-harmony';
import { argueQuery, sayNotUnderstood } from './argue-query';
import { argueTaste } from './argue-taste';
import { priceOf, type Price } from './price';
import type { Argument, RecommendationRequest } from './request';

/** Most recommendations in a list: more are not read. */
const MOST = 6;

/** What an outfit loses when it is made of the same pieces as one before it; less with fewer of them. */
const SAMENESS_COSTS = 0.35;

interface Judged {
  readonly outfit: Outfit;
  readonly price: Price;
  /** Before what is lost by sameness. */
  readonly score: number;
  readonly reasons: readonly string[];
}

/**
 * The best outfits for a person, at most six, best first, with reasons. What the query refuses, and prices over the
 * budget, are left out. Scores fall from place to place: each is what speaks for the outfit, less what it shares with those before
 * it. A function of its argument; outfits at a tie stand in the order of their ids.
 */
export function recommend(request: RecommendationRequest): readonly Recommendation[] {
  const inOrder = [...request.outfits].sort((one, other) => (one.id < other.id ? -1 : 1));
  const left = inOrder.flatMap((outfit) => judge(outfit, request));
  const chosen: Recommendation[] = [];
  while (left.length > 0 && chosen.length < MOST) {
    const values = left.map((judged) => judged.score - samenessOf(judged, chosen));
    const most = Math.max(...values);
    const [best] = left.splice(values.indexOf(most), 1);
    if (best !== undefined) chosen.push(recommendationOf(best, chosen.length + 1, most));
  }
  return chosen;
}

function judge(outfit: Outfit, { profile, query }: RecommendationRequest): readonly Judged[] {
  const price = priceOf(outfit);
  if (price === undefined || !isWithinBudget(price, query)) return [];
  if (query !== undefined && outfit.items.some((item) => isRefused(item, query))) return [];
  const forIt = [
    argueQuery(outfit, query),
    argueHarmony(outfit),
    argueTaste(outfit, profile),
    argueBudget(price, query),
    sayNotUnderstood(query),
  ];
  return [{ outfit, price, score: scoreOf(forIt), reasons: reasonsOf(forIt) }];
}

/** The weighted mean of what has a score. */
function scoreOf(all: readonly Argument[]): number {
  const scored = all.flatMap(({ score, weight }) => (score === undefined ? [] : [{ score, weight }]));
  const total = scored.reduce((sum, { weight }) => sum + weight, 0);
  return scored.reduce((sum, { score, weight }) => sum + score * weight, 0) / total;
}

/** What adds most to the score is said first. */
function reasonsOf(all: readonly Argument[]): readonly string[] {
  const gain = ({ score = 0, weight }: Argument): number => score * weight;
  return [...all].sort((one, other) => gain(other) - gain(one)).flatMap(({ reasons }) => reasons);
}

function samenessOf({ outfit }: Judged, chosen: readonly Recommendation[]): number {
  return SAMENESS_COSTS * Math.max(0, ...chosen.map(({ items }) => overlapOf(outfit.items, items)));
}

/** Shared pieces as a part of all pieces of both. */
function overlapOf(one: readonly OutfitItem[], other: readonly OutfitItem[]): number {
  const ids = new Set(other.map(({ id }) => id));
  const shared = one.filter(({ id }) => ids.has(id)).length;
  return shared / (one.length + other.length - shared);
}

function recommendationOf({ outfit, price, reasons }: Judged, rank: number, value: number): Recommendation {
  return {
    rank,
    outfitId: outfit.id,
    score: Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000,
    reasons: [...reasons],
    items: outfit.items,
    ...price,
  };
}
