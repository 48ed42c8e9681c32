import type { PaletteColour, QueryUnderstanding, StyleProfile, WeightedColour } from '@aura/contracts';
import { isNeutral, isOfColour, NAMED_COLOURS, oklabOfHex } from '@aura/colour';
import { blendColours } from './colour-blend';
import { colourSeasonOf, contrastLevelOf, undertoneOf } from './colour-season';
import { impressionOf, mixed, type CountedColour, type Impression } from './impression';
import { NO_HISTORY, weightOf, type ProfileHistory } from './profile-history';
import { blendStyles, stylesOf } from './styles';

/** What a profile is made from. Members of the impression that are absent are taken from the palette. */
export interface ProfileSources {
  readonly userId?: string | undefined;
  readonly palette: readonly PaletteColour[];
  readonly impression?: { readonly [K in keyof Impression]?: number | undefined };
  readonly query?: QueryUnderstanding | undefined;
}

/** Greys and whites are in every picture: they say less of a taste than colours do. */
const NEUTRAL_COUNTS = 0.6;

/** How much the colours and the styles of a query count beside those of the picture. */
const QUERY_COUNTS = 0.5;

/**
 * The style of a picture, blended with what is known of the person and what the query asks for.
 * `now`, ms since 1970, tells how old the history is. A function of its arguments.
 */
export function profileOf(
  sources: ProfileSources,
  now: number,
  history: ProfileHistory = NO_HISTORY,
): StyleProfile {
  const picture = sources.palette.map(({ hex, share }) => ({ hex, weight: share * countOf(hex) }));
  const past = weightOf(history, now);
  const shown = impressionWithDefaults(sources);
  const impression = past === 0 ? shown : mixed(shown, impressionOf(history.colours), past);
  return {
    ...(sources.userId === undefined ? {} : { userId: sources.userId }),
    season: colourSeasonOf(impression),
    undertone: undertoneOf(impression),
    contrast: contrastLevelOf(impression),
    colours: [...preferredColours(picture, sources.query, { history, past })],
    styles: [
      ...blendStyles([
        { styles: stylesOf(picture, impression), weight: 1 - past },
        { styles: history.styles, weight: past },
        { styles: wantedStyles(sources.query), weight: QUERY_COUNTS },
      ]),
    ],
    basedOn: {
      images: history.images + 1,
      queries: history.queries + (sources.query === undefined || sources.query.neutral ? 0 : 1),
    },
  };
}

function countOf(hex: string): number {
  return isNeutral(oklabOfHex(hex)) ? NEUTRAL_COUNTS : 1;
}

function impressionWithDefaults({ palette, impression = {} }: ProfileSources): Impression {
  const own = impressionOf(palette.map(({ hex, share }) => ({ hex, weight: share })));
  return {
    brightness: impression.brightness ?? own.brightness,
    contrast: impression.contrast ?? own.contrast,
    saturation: impression.saturation ?? own.saturation,
    warmth: impression.warmth ?? own.warmth,
  };
}

interface Past {
  readonly history: ProfileHistory;
  readonly past: number;
}

/** What the person likes; refused colours are left out, unless nothing else is left. */
function preferredColours(
  picture: readonly CountedColour[],
  query: QueryUnderstanding | undefined,
  { history, past }: Past,
): readonly WeightedColour[] {
  const parts = [
    { colours: picture, weight: 1 - past },
    { colours: history.colours, weight: past },
    { colours: wantedColours(query), weight: QUERY_COUNTS },
  ];
  const avoided = query?.avoidColours ?? [];
  const allowed = parts.map(({ colours, weight }) => ({
    colours: colours.filter(({ hex }) => !avoided.some((word) => isOfColour(hex, word))),
    weight,
  }));
  const liked = blendColours(allowed);
  return liked.length > 0 ? liked : blendColours(parts);
}

function wantedColours(query: QueryUnderstanding | undefined): readonly CountedColour[] {
  const wanted = query?.colours ?? [];
  return NAMED_COLOURS.filter(({ name }) => wanted.includes(name)).map(({ hex }) => ({ hex, weight: 1 }));
}

function wantedStyles(query: QueryUnderstanding | undefined): readonly { name: string; weight: number }[] {
  const wanted = query?.styles ?? [];
  return wanted.map((name) => ({ name, weight: 1 / wanted.length }));
}
