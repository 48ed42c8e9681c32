import type { Formality, GarmentCategory, Season } from '@aura/contracts';
import { NAMED_COLOURS } from '@aura/colour';
import { GARMENTS, MATERIALS } from '@aura/garment';
import type { GarmentWord, Term } from './term';

const OCCASIONS: Readonly<Record<string, string>> = {
  everyday: 'everyday, every day, daily, weekend, errands, shopping, university, school, brunch, coffee',
  work: 'work, office, job, meeting, conference, presentation, business trip, commute',
  interview: 'interview, job interview, interviews',
  wedding: 'wedding, wedding guest, bridesmaid, marriage, christening',
  party:
    'party, garden party, birthday, birthday party, club, clubbing, new years eve, festival, concert, dancing',
  'date-night': 'date, date night, first date, romantic dinner, anniversary, dinner date',
  evening:
    'evening, gala, opera, ball, prom, black tie, dinner party, reception, cocktail, cocktails, theatre',
  holiday: 'holiday, holidays, vacation, beach, travel, trip, city trip, cruise, resort, sightseeing',
  sport: 'sport, sports, gym, running, workout, training, yoga, hike, hiking, tennis',
};

const SEASONS: Readonly<Record<Season, string>> = {
  spring: 'spring, springtime, april, in march, in may, easter',
  summer:
    'summer, summertime, summery, june, july, august, hot weather, hot day, hot days, warm weather, warm day, warm days, heat, sunny',
  autumn: 'autumn, fall, autumnal, september, october, november, rainy',
  winter: 'winter, wintry, december, january, february, cold weather, snow, christmas, freezing',
};

/** Phrases that mean several pieces. */
const SETS: Readonly<Record<string, readonly GarmentWord[]>> = {
  suit: [
    { category: 'outerwear', kind: 'blazer' },
    { category: 'bottom', kind: 'suit trousers' },
  ],
};

const STYLES: Readonly<Record<string, string>> = {
  minimal: 'minimal, minimalist, minimalistic, simple, clean, plain, understated',
  classic: 'classic, classical, timeless, preppy, conservative, traditional',
  elegant: 'elegant, chic, refined, sophisticated, polished, ladylike',
  bold: 'bold, edgy, statement, colourful, colorful, eye catching, extravagant, vivid, bright colours, bright colors',
  romantic: 'romantic, feminine, floral, soft, playful, girly',
  natural: 'natural, boho, bohemian, rustic, relaxed, cosy, cozy, comfortable, comfy',
  sporty: 'sporty, athletic, athleisure, streetwear, street style',
};

const FORMALITIES: Readonly<Record<Formality, string>> = {
  casual: 'casual, informal, laid back',
  'smart-casual': 'smart casual, business casual, dressy casual, semi formal, smart',
  business: 'business, professional, business attire, suit',
  formal: 'formal, formal wear, black tie, white tie, gala, prom, dressy, dressed up',
};

/** Words for colours beside the names that all services share; several targets are a group of colours. */
const COLOUR_WORDS: Readonly<Record<string, string>> = {
  grey: 'gray, greys',
  charcoal: 'dark grey, dark gray, anthracite',
  silver: 'light grey, light gray',
  navy: 'navy blue, dark blue, midnight blue',
  'light blue': 'pale blue, baby blue, pastel blue',
  'royal blue': 'cobalt, cobalt blue, bright blue',
  burgundy: 'bordeaux, wine, wine red, maroon, dark red',
  cream: 'ecru, eggshell',
  'off-white': 'offwhite, off white',
  beige: 'nude, earth tones, earthy tones, neutrals, neutral colours, neutral colors',
  brown: 'earth tones, earthy tones',
  chocolate: 'dark brown',
  tan: 'light brown',
  olive: 'olive green, earth tones, earthy tones',
  'dark green': 'bottle green',
  emerald: 'emerald green',
  sage: 'sage green',
  mint: 'mint green, pastels, pastel colours, pastel colors',
  turquoise: 'aqua, cyan',
  lavender: 'lilac, pastels, pastel colours, pastel colors',
  plum: 'aubergine, eggplant',
  'hot pink': 'fuchsia, neon pink',
  blush: 'pale pink, light pink, baby pink, pastels, pastel colours, pastel colors',
  mustard: 'ochre, mustard yellow',
  white: 'neutrals, neutral colours, neutral colors',
  black: 'neutrals, neutral colours, neutral colors',
};

/** Names that mean something else more often than a colour. */
const NOT_A_COLOUR = new Set(['lime', 'slate']);

function entries<V extends string>(
  words: Readonly<Record<V, string>>,
  term: (value: V) => Term,
): readonly (readonly [phrase: string, term: Term])[] {
  return (Object.entries(words) as [V, string][]).flatMap(([value, phrases]) =>
    phrases.split(', ').map((phrase) => [phrase, term(value)] as const),
  );
}

/** The vocabulary that all services share, and phrases that mean several pieces. */
function garmentEntries(): readonly (readonly [phrase: string, term: Term])[] {
  const known = (Object.keys(GARMENTS) as GarmentCategory[]).flatMap((category) => {
    const { words, kinds } = GARMENTS[category];
    const narrower = Object.entries(kinds).flatMap(([kind, phrases]) =>
      phrases.map((phrase) => [phrase, { category, kind }] as const),
    );
    return [...words.map((phrase) => [phrase, { category }] as const), ...narrower];
  });
  const sets = Object.entries(SETS).flatMap(([phrase, pieces]) =>
    pieces.map((piece) => [phrase, piece] as const),
  );
  return [...known, ...sets].map(([phrase, value]) => [phrase, { kind: 'garment', value }]);
}

function materialEntries(): readonly (readonly [phrase: string, term: Term])[] {
  return Object.entries(MATERIALS).flatMap(([value, phrases]) =>
    phrases.map((phrase) => [phrase, { kind: 'material', value }] as const),
  );
}

function colourNames(): Readonly<Record<string, string>> {
  const names = NAMED_COLOURS.map(({ name }) => name).filter((name) => !NOT_A_COLOUR.has(name));
  return Object.fromEntries(names.map((name) => [name, name]));
}

const ALL = [
  ...entries(OCCASIONS, (value) => ({ kind: 'occasion', value })),
  ...entries(SEASONS, (value) => ({ kind: 'season', value })),
  ...garmentEntries(),
  ...materialEntries(),
  ...entries(STYLES, (value) => ({ kind: 'style', value })),
  ...entries(FORMALITIES, (value) => ({ kind: 'formality', value })),
  ...entries(COLOUR_WORDS, (value) => ({ kind: 'colour', value })),
  ...entries(colourNames(), (value) => ({ kind: 'colour', value })),
];

/**
 * What each phrase of one to three words means, in lower case and without accents. One phrase may mean several things
 * (`suit`: a jacket, trousers, business). The longest phrase wins, so that `black tie` is no colour.
 */
export const LEXICON: ReadonlyMap<string, readonly Term[]> = ALL.reduce(
  (map, [phrase, term]) => map.set(phrase, [...(map.get(phrase) ?? []), term]),
  new Map<string, readonly Term[]>(),
);
