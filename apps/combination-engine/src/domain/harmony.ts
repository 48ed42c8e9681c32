import type { HarmonyRule } from '@aura/contracts';
import { hueDistance, isNeutral, oklchOf, type Oklab, type Oklch } from '@aura/colour';

/** How well colours go together, and by which rule. */
export interface Harmony {
  readonly rule: HarmonyRule;
  /** 0 to 1. */
  readonly score: number;
}

/** Hues closer than this, degrees, are one hue. */
const ONE_HUE = 30;

/** A hue may miss its place on the circle by this much, degrees, before a rule no longer speaks for it. */
const TOLERANCE = 32;

/** What a rule is worth when its colours stand exactly where it wants them. */
const WORTH: Readonly<Record<HarmonyRule, number>> = {
  neutral: 0.86,
  monochromatic: 0.88,
  analogous: 0.92,
  complementary: 0.94,
  'split-complementary': 0.9,
  triadic: 0.84,
};

/** Parts of the score: how exactly the rule is met, lightness that varies, and no two vivid colours that fight. */
const PARTS = { fit: 0.7, lightness: 0.2, calm: 0.1 } as const;

/** Difference of lightness from which on an outfit has enough contrast. */
const ENOUGH_LIGHTNESS = 0.45;

/** The sum of chroma that still looks calm, and that which is loud. */
const CALM_CHROMA = 0.25;
const LOUD_CHROMA = 0.55;

/**
 * The harmony of the colours worn together, by the classic rules on the colour circle, in OKLCH. Greys, off-whites and
 * near blacks go with everything and take no place on the circle. Undefined when no rule speaks for the colours.
 */
export function harmonyOf(labs: readonly Oklab[]): Harmony | undefined {
  const chromatic = labs.filter((lab) => !isNeutral(lab)).map(oklchOf);
  const found = ruleOf(hueGroups(chromatic), chromatic.length);
  if (found === undefined) return undefined;
  const lights = labs.map(({ l }) => l);
  const lightness = Math.min(1, (Math.max(...lights) - Math.min(...lights)) / ENOUGH_LIGHTNESS);
  const score =
    PARTS.fit * found.fit * WORTH[found.rule] + PARTS.lightness * lightness + PARTS.calm * calmOf(chromatic);
  return { rule: found.rule, score: Math.round(score * 1000) / 1000 };
}

interface RuleFit {
  readonly rule: HarmonyRule;
  /** 1 exact, 0 at the edge of the tolerance. */
  readonly fit: number;
}

/** Hues that stand together count as one, at their weighted middle; navy and denim are one blue. */
function hueGroups(colours: readonly Oklch[]): readonly number[] {
  const groups: { x: number; y: number; hue: number }[] = [];
  for (const { c, h } of [...colours].sort((one, other) => other.c - one.c)) {
    const angle = (h * Math.PI) / 180;
    const group = groups.find(({ hue }) => hueDistance(hue, h) < ONE_HUE);
    if (group === undefined) {
      groups.push({ x: c * Math.cos(angle), y: c * Math.sin(angle), hue: h });
    } else {
      group.x += c * Math.cos(angle);
      group.y += c * Math.sin(angle);
      group.hue = ((Math.atan2(group.y, group.x) * 180) / Math.PI + 360) % 360;
    }
  }
  return groups.map(({ hue }) => hue);
}

function ruleOf(hues: readonly number[], chromaticPieces: number): RuleFit | undefined {
  if (hues.length === 0) return { rule: 'neutral', fit: 1 };
  if (hues.length === 1) return { rule: chromaticPieces > 1 ? 'monochromatic' : 'neutral', fit: 1 };
  const candidates = hues.length === 2 ? rulesOfTwo(hues) : hues.length === 3 ? rulesOfThree(hues) : [];
  return candidates
    .filter(({ fit }) => fit > 0)
    .sort((one, other) => other.fit * WORTH[other.rule] - one.fit * WORTH[one.rule])[0];
}

function rulesOfTwo([one = 0, other = 0]: readonly number[]): readonly RuleFit[] {
  const apart = hueDistance(one, other);
  return [
    { rule: 'analogous', fit: near(apart, 40) },
    { rule: 'split-complementary', fit: near(apart, 150) },
    { rule: 'complementary', fit: near(apart, 180) },
    { rule: 'triadic', fit: near(apart, 120) },
  ];
}

function rulesOfThree([a = 0, b = 0, c = 0]: readonly number[]): readonly RuleFit[] {
  const gaps = [hueDistance(a, b), hueDistance(b, c), hueDistance(a, c)].sort((one, other) => one - other);
  return [
    { rule: 'analogous', fit: worst(gaps, [35, 35, 70]) },
    { rule: 'split-complementary', fit: worst(gaps, [60, 150, 150]) },
    { rule: 'complementary', fit: worst(gaps, [30, 165, 165]) },
    { rule: 'triadic', fit: worst(gaps, [120, 120, 120]) },
  ];
}

function worst(gaps: readonly number[], wanted: readonly number[]): number {
  return Math.min(...gaps.map((gap, index) => near(gap, wanted[index] ?? 0)));
}

function near(angle: number, wanted: number): number {
  return Math.max(0, 1 - Math.abs(angle - wanted) / TOLERANCE);
}

function calmOf(colours: readonly Oklch[]): number {
  const chroma = colours.reduce((sum, { c }) => sum + c, 0);
  return Math.min(1, Math.max(0, (LOUD_CHROMA - chroma) / (LOUD_CHROMA - CALM_CHROMA)));
}
