import type { StyleProfile, WeightedColour, WeightedStyle } from '@aura/contracts';
import { blendColours } from './colour-blend';
import { blendStyles } from './styles';

/** What is remembered of one profile that was made of a person. */
export interface RememberedProfile {
  /** When it was made, ms since 1970. */
  readonly at: number;
  readonly colours: readonly WeightedColour[];
  readonly styles: readonly WeightedStyle[];
  /** Queries that it stands on, all earlier ones included. */
  readonly queries: number;
}

/** What is known of a person from earlier sagas; the fold of the person's journal. */
export interface ProfileHistory {
  /** Pictures looked at so far. */
  readonly images: number;
  /** Queries that said something; two sagas that ran at the same time may count as one. */
  readonly queries: number;
  readonly colours: readonly WeightedColour[];
  readonly styles: readonly WeightedStyle[];
  /** When the newest profile was made, ms since 1970; 0 when there is none. */
  readonly at: number;
}

/** A person of whom nothing is known. */
export const NO_HISTORY: ProfileHistory = { images: 0, queries: 0, colours: [], styles: [], at: 0 };

/** What came before counts half as much as the newest profile. */
const EARLIER = 0.5;

/** After this time what is known of a person counts half. */
const HALF_LIFE_MS = 90 * 24 * 3600 * 1000;

/** A fresh history against a picture: the picture of the moment counts more. */
const MOST_HISTORY = 0.4;

/** The history with one more profile; `images` is the profile's place in the person's journal. */
export function evolve(history: ProfileHistory, profile: RememberedProfile, images: number): ProfileHistory {
  return {
    images,
    queries: Math.max(history.queries, profile.queries),
    colours: blendColours([
      { colours: profile.colours, weight: 1 },
      { colours: history.colours, weight: EARLIER },
    ]),
    styles: blendStyles([
      { styles: profile.styles, weight: 1 },
      { styles: history.styles, weight: EARLIER },
    ]),
    at: Math.max(history.at, profile.at),
  };
}

/** How much a history counts in a profile made at `now`, 0 to 0.4: it halves every 90 days. */
export function weightOf(history: ProfileHistory, now: number): number {
  if (history.images === 0) return 0;
  return MOST_HISTORY * 0.5 ** (Math.max(0, now - history.at) / HALF_LIFE_MS);
}

/** What is worth remembering of a profile. */
export function remembered(profile: StyleProfile, at: number): RememberedProfile {
  return { at, colours: profile.colours, styles: profile.styles, queries: profile.basedOn.queries };
}
