import { hueDistance, MAX_CHROMA, oklabOfHex, oklchOf } from '@aura/colour';

/** How colours look as a whole: the contract of `image.analysed` gives the units. */
export interface Impression {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly warmth: number;
}

/** A colour and how much it counts. */
export interface CountedColour {
  readonly hex: string;
  readonly weight: number;
}

/** Hue of the warmest colour in OKLCH: orange. */
const WARMEST_HUE = 60;

/** From this chroma on a colour is as warm or as cold as its hue says. */
const FULL_TEMPERATURE_CHROMA = 0.1;

/** A colour with less than this part of the weight says nothing about contrast. */
const LEAST_PART = 0.04;

/** The impression that a list of colours, at least one, makes by itself. */
export function impressionOf(colours: readonly CountedColour[]): Impression {
  const total = colours.reduce((sum, { weight }) => sum + weight, 0);
  const parts = colours.map(({ hex, weight }) => ({ ...oklchOf(oklabOfHex(hex)), part: weight / total }));
  const seen = parts.filter(({ part }) => part >= LEAST_PART).map(({ l }) => l);
  const sum = (value: (colour: (typeof parts)[number]) => number): number =>
    parts.reduce((all, colour) => all + value(colour) * colour.part, 0);
  return {
    brightness: sum(({ l }) => l),
    contrast: Math.max(...seen) - Math.min(...seen),
    saturation: sum(({ c }) => c / MAX_CHROMA),
    warmth: sum(({ c, h }) => temperatureOf(c, h)),
  };
}

function temperatureOf(chroma: number, hue: number): number {
  const direction = Math.cos((hueDistance(hue, WARMEST_HUE) * Math.PI) / 180);
  return direction * Math.min(1, chroma / FULL_TEMPERATURE_CHROMA);
}

/** Two impressions in one; `part` (0 to 1) is how much the second counts. */
export function mixed(one: Impression, other: Impression, part: number): Impression {
  const mix = (a: number, b: number): number => a * (1 - part) + b * part;
  return {
    brightness: mix(one.brightness, other.brightness),
    contrast: mix(one.contrast, other.contrast),
    saturation: mix(one.saturation, other.saturation),
    warmth: mix(one.warmth, other.warmth),
  };
}
