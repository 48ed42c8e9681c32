import { converter, formatHex, toGamut } from 'culori';

/** A colour in OKLab: `l` lightness 0 to 1, `a` green to red, `b` blue to yellow, both about -0.35 to 0.35. */
export interface Oklab {
  readonly l: number;
  readonly a: number;
  readonly b: number;
}

/** A colour in OKLCH: `l` lightness 0 to 1, `c` chroma 0 to about 0.32 in sRGB, `h` hue in degrees, 0 to 360. */
export interface Oklch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

/** The largest chroma that sRGB can show, that of full magenta. */
export const MAX_CHROMA = 0.3225;

/**
 * Below this chroma a colour looks grey, off-white or nearly black and goes with every hue. It parts the names: ivory
 * (0.022) is below, taupe (0.032), slate (0.033) and sage (0.037) are above.
 */
const NEUTRAL_CHROMA = 0.03;

/** Lightness below which colours look black whatever their hue is. */
const NEUTRAL_LIGHTNESS = 0.22;

const toOklab = converter('oklab');
const toRgb = converter('rgb');
const intoSrgb = toGamut('rgb', 'oklch');

/** Half a step of an 8-bit channel: rounding alone is no reason to give up chroma. */
const HALF_STEP = 0.5 / 255;

/** The OKLab colour of `#rrggbb`. Throws `TypeError` when the text is no colour. */
export function oklabOfHex(hex: string): Oklab {
  const colour = toOklab(hex);
  if (colour === undefined) throw new TypeError(`${JSON.stringify(hex)} is not a colour such as #1f2a44`);
  return { l: colour.l, a: colour.a, b: colour.b };
}

/** The OKLab colour of an sRGB pixel, each channel 0 to 255. */
export function oklabOfRgb(red: number, green: number, blue: number): Oklab {
  const { l, a, b } = toOklab({ mode: 'rgb', r: red / 255, g: green / 255, b: blue / 255 });
  return { l, a, b };
}

/** `#rrggbb` of an OKLab colour; one that sRGB cannot show loses chroma until it fits. */
export function hexOfOklab({ l, a, b }: Oklab): string {
  const rgb = toRgb({ mode: 'oklab', l, a, b });
  const shown = [rgb.r, rgb.g, rgb.b].every((channel) => channel > -HALF_STEP && channel < 1 + HALF_STEP);
  return formatHex(shown ? rgb : intoSrgb(rgb));
}

/** The same colour by lightness, chroma and hue. Greys have hue 0. */
export function oklchOf({ l, a, b }: Oklab): Oklch {
  const c = Math.hypot(a, b);
  if (c < 1e-6) return { l, c: 0, h: 0 };
  const degrees = (Math.atan2(b, a) * 180) / Math.PI;
  return { l, c, h: degrees < 0 ? degrees + 360 : degrees };
}

/** How different two colours look: distance in OKLab. 0.02 is just seen, black to white is 1. */
export function colourDistance(one: Oklab, other: Oklab): number {
  const [l, a, b] = [one.l - other.l, one.a - other.a, one.b - other.b];
  // Not Math.hypot: it guards against overflow, which costs ten times as much and cannot happen here.
  return Math.sqrt(l * l + a * a + b * b);
}

/** The shorter way between two hues on the colour circle, 0 to 180 degrees. */
export function hueDistance(one: number, other: number): number {
  const difference = Math.abs(one - other) % 360;
  return difference > 180 ? 360 - difference : difference;
}

/** Whether a colour is so dark that it looks black whatever its hue is. */
export function isDark({ l }: Oklab): boolean {
  return l < NEUTRAL_LIGHTNESS;
}

/** Whether a colour has so little hue that it goes with every other. */
export function isNeutral(colour: Oklab): boolean {
  return isDark(colour) || Math.hypot(colour.a, colour.b) < NEUTRAL_CHROMA;
}
