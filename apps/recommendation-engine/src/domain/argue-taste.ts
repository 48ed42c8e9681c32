import type { Outfit, OutfitItem, StyleProfile, Undertone, WeightedColour } from '@aura/contracts';
import { colourDistance, hueDistance, isNeutral, nearestColour, oklabOfHex, oklchOf } from '@aura/colour';
import type { Argument } from './request';
import { inSentence } from './words';

/** How much closeness to the profile counts. */
const WEIGHT = 0.3;

/** Colours farther apart than this have nothing to do with each other. */
const FAR = 0.35;

/** Colours nearer than this are the same to the eye that compares from memory; hue counts more than light. */
const SAME = 0.085;
const HUE_COUNTS = 1.7;
const LIGHT_COUNTS = 0.7;

/** Greys and whites whose tints are farther apart than this are a warm and a cold one. */
const SAME_TINT = 0.02;

/** A neutral piece fits every taste at least this much. */
const NEUTRAL_FITS = 0.45;

/** Spread of lightness that looks like high, and like low contrast. */
const HIGH_SPREAD = 0.55;
const LOW_SPREAD = 0.35;

/** Hues on the warm half of the circle around orange are warm; those on the half opposite are cool. */
const WARMEST_HUE = 60;

/** How near the pieces come to the colours, the contrast and the undertone of the person. */
export function argueTaste({ items }: Outfit, profile: StyleProfile): Argument {
  const fits = items.map(({ hex }) => fitOf(hex, profile.colours));
  return {
    score: fits.reduce((sum, fit) => sum + fit, 0) / items.length,
    weight: WEIGHT,
    reasons: [
      ...colourReason(items, profile),
      ...contrastReason(items, profile),
      ...undertoneReason(items, profile),
    ],
  };
}

function fitOf(hex: string, liked: readonly WeightedColour[]): number {
  const lab = oklabOfHex(hex);
  const heaviest = Math.max(...liked.map(({ weight }) => weight), Number.MIN_VALUE);
  const matches = liked.map(({ hex: other, weight }) => {
    const near = Math.max(0, 1 - colourDistance(lab, oklabOfHex(other)) / FAR);
    return near * (0.5 + (0.5 * weight) / heaviest);
  });
  return Math.max(isNeutral(lab) ? NEUTRAL_FITS : 0, ...matches);
}

/** The piece that meets the heaviest liked colour, if one does. */
function colourReason(items: readonly OutfitItem[], { colours }: StyleProfile): readonly string[] {
  for (const liked of colours) {
    const piece = items.find(({ hex }) => looksLike(hex, liked.hex));
    if (piece !== undefined)
      return [`The ${liked.name} of your palette returns in the ${inSentence(piece.name)}.`];
  }
  return [];
}

/**
 * The same colour to who compares: near, and of one family. A silver may stand near to a sand and is no sand; greys and
 * whites differ by their tint alone.
 */
function looksLike(one: string, other: string): boolean {
  const [here, there] = [oklabOfHex(one), oklabOfHex(other)];
  const tint = Math.hypot(here.a - there.a, here.b - there.b);
  if (Math.hypot((here.l - there.l) * LIGHT_COUNTS, tint * HUE_COUNTS) >= SAME) return false;
  if (isNeutral(here) && isNeutral(there) && tint >= SAME_TINT) return false;
  return nearestColour(one).family === nearestColour(other).family;
}

function contrastReason(items: readonly OutfitItem[], { contrast }: StyleProfile): readonly string[] {
  const lights = items.map(({ hex }) => oklabOfHex(hex).l);
  const spread = Math.max(...lights) - Math.min(...lights);
  if (contrast === 'high' && spread > HIGH_SPREAD)
    return ['Light against dark matches the high contrast of your look.'];
  if (contrast === 'low' && spread < LOW_SPREAD)
    return ['Its tones stay close together, like the soft contrast of your look.'];
  return [];
}

/** Said only when every coloured piece is of the person's undertone. */
function undertoneReason(
  items: readonly OutfitItem[],
  { undertone, season }: StyleProfile,
): readonly string[] {
  const coloured = items.map(({ hex }) => oklabOfHex(hex)).filter((lab) => !isNeutral(lab));
  const tones = new Set(coloured.map((lab) => toneOf(oklchOf(lab).h)));
  if (undertone === 'neutral' || tones.size !== 1 || !tones.has(undertone)) return [];
  return [`Its ${undertone} colours suit your ${season} palette.`];
}

function toneOf(hue: number): Undertone {
  return hueDistance(hue, WARMEST_HUE) < 90 ? 'warm' : 'cool';
}
