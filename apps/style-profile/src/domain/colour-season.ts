import type { ContrastLevel, Season, Undertone } from '@aura/contracts';
import type { Impression } from './impression';

/** Warmth beyond which colours are no longer neutral. */
const TINTED = 0.1;

/** Lightness from which colours are light rather than deep. */
const LIGHT = 0.6;

/** Whether colours are warm, cool, or neither. */
export function undertoneOf({ warmth }: Impression): Undertone {
  if (warmth > TINTED) return 'warm';
  return warmth < -TINTED ? 'cool' : 'neutral';
}

/** How far light and dark stand apart. */
export function contrastLevelOf({ contrast }: Impression): ContrastLevel {
  if (contrast < 0.35) return 'low';
  return contrast < 0.6 ? 'medium' : 'high';
}

/**
 * The colour season of a palette, after the four-season scheme: spring is warm and light, autumn warm and deep,
 * summer cool and light, winter cool and deep. A neutral palette leans to the side that it is nearer to.
 * It speaks of colours that suit, never of the weather.
 */
export function colourSeasonOf({ brightness, warmth }: Impression): Season {
  if (warmth > 0) return brightness >= LIGHT ? 'spring' : 'autumn';
  return brightness >= LIGHT ? 'summer' : 'winter';
}
