export {
  colourDistance,
  hexOfOklab,
  hueDistance,
  isNeutral,
  MAX_CHROMA,
  oklabOfHex,
  oklabOfRgb,
  oklchOf,
} from './oklab';
export type { Oklab, Oklch } from './oklab';
export { isOfColour, NAMED_COLOURS, nearestColour } from './names';
export type { ColourFamily, NamedColour } from './names';
