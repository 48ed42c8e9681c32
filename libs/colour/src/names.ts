import { colourDistance, isDark, isNeutral, oklabOfHex, type Oklab } from './oklab';

/** The twelve basic colours that people sort shades into. */
export type ColourFamily =
  | 'black'
  | 'grey'
  | 'white'
  | 'beige'
  | 'brown'
  | 'red'
  | 'orange'
  | 'yellow'
  | 'green'
  | 'blue'
  | 'purple'
  | 'pink';

/** A name that shops use for a colour. */
export interface NamedColour {
  readonly name: string;
  readonly hex: string;
  readonly family: ColourFamily;
}

const SHADES: Readonly<Record<ColourFamily, Readonly<Record<string, string>>>> = {
  black: { black: '#141414' },
  grey: { charcoal: '#3b3d42', grey: '#808285', silver: '#b9bcc0', 'light grey': '#d6d6d4' },
  white: { white: '#fbfbfb', ivory: '#f6f1e1', 'off-white': '#ececea' },
  beige: { cream: '#efe3c6', beige: '#d9c7a7', sand: '#c8b08a', taupe: '#9c8b7a' },
  brown: { camel: '#b98a54', tan: '#c19a6b', brown: '#7a4f2e', cognac: '#96512a', chocolate: '#46291b' },
  red: { red: '#cc1f2d', burgundy: '#6d1a2d', crimson: '#a3142f', rust: '#a94425' },
  orange: { orange: '#f07f1f', terracotta: '#c4643f', coral: '#f6785d', peach: '#f7bd99' },
  yellow: { yellow: '#f5d52c', mustard: '#cb9b21', 'pale yellow': '#f5eca0' },
  green: {
    green: '#2e8b45',
    'dark green': '#1f4a33',
    'forest green': '#376a41',
    emerald: '#0a8f63',
    olive: '#6a6b33',
    khaki: '#8b8558',
    sage: '#a3b199',
    mint: '#aee3c6',
    lime: '#9acd32',
  },
  blue: {
    blue: '#2459b5',
    navy: '#1e2a4a',
    'royal blue': '#2747d4',
    denim: '#4a6a92',
    'steel blue': '#6b87a9',
    'light blue': '#a9cbe8',
    'sky blue': '#62b1e6',
    teal: '#13767a',
    turquoise: '#34c3bd',
    slate: '#5a6b7b',
  },
  purple: { purple: '#6b2f94', plum: '#5c2a4d', lavender: '#bdaee0', mauve: '#8d7ba6', violet: '#8a4fd0' },
  pink: { pink: '#ee9cb7', 'hot pink': '#e8338f', blush: '#ecc8c4', rose: '#c4697c', magenta: '#c21a86' },
};

/** All names, by family. */
export const NAMED_COLOURS: readonly NamedColour[] = Object.entries(SHADES).flatMap(([family, shades]) =>
  Object.entries(shades).map(([name, hex]) => ({ name, hex, family: family as ColourFamily })),
);

const PLACES = NAMED_COLOURS.map((colour) => ({ colour, lab: oklabOfHex(colour.hex) }));

/** A shade's neighbours go by its name as well, up to this distance. */
const NEAR = 0.06;

/** Names follow hue and chroma before lightness: a sunlit green is still green. */
const NAME_WEIGHTS = { lightness: 0.7, hue: 1.4 } as const;

/**
 * The named colour that looks most like `#rrggbb`; of two at the same distance, the first in the list. The names are
 * those of the hex text and not of a colour before rounding, so that whoever reads the text finds the same name. What
 * is visibly coloured is never called a grey or a white, however near these stand.
 * Throws `TypeError` when the text is no colour.
 */
export function nearestColour(hex: string): NamedColour {
  const lab = oklabOfHex(hex);
  const nearest = PLACES.filter(({ lab: place }) => isNeutral(lab) || !isNeutral(place))
    .map(({ colour, lab: place }) => ({ colour, distance: nameDistance(lab, place) }))
    .reduce((best, next) => (next.distance < best.distance ? next : best));
  return nearest.colour;
}

function nameDistance(one: Oklab, other: Oklab): number {
  const { lightness, hue } = NAME_WEIGHTS;
  return Math.hypot((one.l - other.l) * lightness, (one.a - other.a) * hue, (one.b - other.b) * hue);
}

/** Whether a colour `#rrggbb` is what people mean by a word: a family (`blue`) or a shade (`navy`). Unknown words fit nothing. */
export function isOfColour(hex: string, word: string): boolean {
  const nearest = nearestColour(hex);
  if (nearest.family === word || nearest.name === word) return true;
  const lab = oklabOfHex(hex);
  const shade = PLACES.find(({ colour }) => colour.name === word && colour.family !== word);
  return shade !== undefined && areAlike(lab, shade.lab) && colourDistance(lab, shade.lab) < NEAR;
}

/** A grey is no neighbour of a colour; of what is nearly black the hue hardly shows. */
function areAlike(lab: Oklab, place: Oklab): boolean {
  return isDark(lab) || isNeutral(lab) === isNeutral(place);
}
