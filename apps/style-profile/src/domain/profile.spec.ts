import { styleProfile, type PaletteColour, type QueryUnderstanding } from '@aura/contracts';
import { isOfColour } from '@aura/colour';
import fc from 'fast-check';
import { blendColours } from './colour-blend';
import { colourSeasonOf } from './colour-season';
import { impressionOf } from './impression';
import { profileOf } from './profile';
import { evolve, NO_HISTORY, remembered, weightOf, type ProfileHistory } from './profile-history';
import { stylesOf } from './styles';

const DAY_MS = 24 * 3600 * 1000;
const NOW = Date.UTC(2025, 5, 1);

const rustAndIvory: readonly PaletteColour[] = [
  { hex: '#a94425', share: 0.85, name: 'rust' },
  { hex: '#f6f1e1', share: 0.15, name: 'ivory' },
];
const navyAndWhite: readonly PaletteColour[] = [
  { hex: '#1e2a4a', share: 0.8, name: 'navy' },
  { hex: '#fbfbfb', share: 0.2, name: 'white' },
];

const NOTHING: QueryUnderstanding = {
  neutral: false,
  occasions: [],
  seasons: [],
  colours: [],
  avoidColours: [],
  garments: [],
  styles: [],
};

function historyOf(palette: readonly PaletteColour[], at: number): ProfileHistory {
  return evolve(NO_HISTORY, remembered(profileOf({ palette }, at), at), 1);
}

const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const palette: fc.Arbitrary<readonly PaletteColour[]> = fc.array(
  fc.record({ hex, share: fc.double({ min: 0.01, max: 1, noNaN: true }), name: fc.constant('blue') }),
  { minLength: 1, maxLength: 16 },
);

describe('profileOf', () => {
  it('reads an autumn from deep warm colours and a winter from deep cold ones', () => {
    expect(profileOf({ palette: rustAndIvory }, NOW)).toMatchObject({ season: 'autumn', undertone: 'warm' });
    expect(profileOf({ palette: navyAndWhite }, NOW)).toMatchObject({
      season: 'winter',
      undertone: 'cool',
      contrast: 'high',
    });
  });

  it('prefers colours to the greys that are in every picture', () => {
    const [first] = profileOf({ palette: rustAndIvory }, NOW).colours;
    expect(first).toMatchObject({ hex: '#a94425', name: 'rust' });
    expect(first?.weight).toBeGreaterThan(0.85);
  });

  it('counts the picture, and a query that says something', () => {
    expect(profileOf({ palette: rustAndIvory }, NOW).basedOn).toEqual({ images: 1, queries: 0 });
    expect(profileOf({ palette: rustAndIvory, query: NOTHING }, NOW).basedOn).toEqual({
      images: 1,
      queries: 1,
    });
    const neutral = { ...NOTHING, neutral: true };
    expect(profileOf({ palette: rustAndIvory, query: neutral }, NOW).basedOn).toEqual({
      images: 1,
      queries: 0,
    });
  });

  it('believes the impression of the picture more than that of its palette', () => {
    const bright = profileOf({ palette: rustAndIvory, impression: { brightness: 0.9 } }, NOW);
    expect(bright.season).toBe('spring');
  });

  it('takes up the colours and styles of a query', () => {
    const query = { ...NOTHING, colours: ['emerald'], styles: ['romantic'] };
    const profile = profileOf({ palette: rustAndIvory, query }, NOW);
    expect(profile.colours.map(({ name }) => name)).toContain('emerald');
    expect(profile.styles.map(({ name }) => name)).toContain('romantic');
  });

  it('leaves out refused colours, unless nothing else is left', () => {
    const noBlue = { ...NOTHING, avoidColours: ['blue'] };
    expect(profileOf({ palette: navyAndWhite, query: noBlue }, NOW).colours.map(({ name }) => name)).toEqual([
      'white',
    ]);
    const blueOnly = navyAndWhite.slice(0, 1);
    expect(profileOf({ palette: blueOnly, query: noBlue }, NOW).colours.map(({ name }) => name)).toEqual([
      'navy',
    ]);
  });

  it('names the person only when there is one', () => {
    expect(profileOf({ palette: rustAndIvory }, NOW)).not.toHaveProperty('userId');
    expect(profileOf({ palette: rustAndIvory, userId: 'u-1' }, NOW).userId).toBe('u-1');
  });

  it('keeps its contract for any palette, history and query', () => {
    const words = fc.subarray(['black', 'blue', 'green', 'rust']);
    fc.assert(
      fc.property(
        palette,
        palette,
        words,
        fc.integer({ min: 0, max: 900 }),
        (now, before, avoidColours, days) => {
          const history = historyOf(before, NOW - days * DAY_MS);
          const profile = profileOf({ palette: now, query: { ...NOTHING, avoidColours } }, NOW, history);
          expect(styleProfile.parse(profile)).toEqual(profile);
          const weights = profile.colours.map(({ weight }) => weight);
          expect(weights).toEqual([...weights].sort((one, other) => other - one));
          const refused = profile.colours.filter((c) => avoidColours.some((word) => isOfColour(c.hex, word)));
          expect(refused.length === 0 || refused.length === profile.colours.length).toBe(true);
        },
      ),
    );
  });
});

describe('history', () => {
  it('weighs nothing for a stranger, 0.4 when fresh, half of it after 90 days', () => {
    expect(weightOf(NO_HISTORY, NOW)).toBe(0);
    expect(weightOf(historyOf(rustAndIvory, NOW), NOW)).toBe(0.4);
    expect(weightOf(historyOf(rustAndIvory, NOW - 90 * DAY_MS), NOW)).toBeCloseTo(0.2, 10);
    expect(weightOf(historyOf(rustAndIvory, NOW + DAY_MS), NOW)).toBe(0.4);
  });

  it('brings earlier colours into a profile, less of them the older it is', () => {
    const rustWeight = (at: number): number => {
      const { colours } = profileOf({ palette: navyAndWhite }, NOW, historyOf(rustAndIvory, at));
      return colours.find(({ name }) => name === 'rust')?.weight ?? 0;
    };
    expect(rustWeight(NOW)).toBeGreaterThan(rustWeight(NOW - 100 * DAY_MS));
    expect(rustWeight(NOW - 100 * DAY_MS)).toBeGreaterThan(0);
  });

  it('counts pictures and queries over time', () => {
    const history = { ...historyOf(rustAndIvory, NOW), images: 3, queries: 2 };
    expect(profileOf({ palette: navyAndWhite, query: NOTHING }, NOW, history).basedOn).toEqual({
      images: 4,
      queries: 3,
    });
  });

  it('lets the newest of two profiles count more', () => {
    const rust = remembered(profileOf({ palette: rustAndIvory }, NOW), NOW);
    const navy = remembered(profileOf({ palette: navyAndWhite }, NOW), NOW);
    const first = (history: ProfileHistory): string | undefined => history.colours[0]?.name;
    expect(first(evolve(evolve(NO_HISTORY, rust, 1), navy, 2))).toBe('navy');
    expect(first(evolve(evolve(NO_HISTORY, navy, 1), rust, 2))).toBe('rust');
  });
});

describe('blendColours', () => {
  it('adds up to 1, heaviest first, at most eight, and joins near colours', () => {
    fc.assert(
      fc.property(palette, palette, (one, other) => {
        const blend = blendColours([
          { colours: one.map((c) => ({ hex: c.hex, weight: c.share })), weight: 1 },
          { colours: other.map((c) => ({ hex: c.hex, weight: c.share })), weight: 0.5 },
        ]);
        expect(blend.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 3);
        expect(blend.length).toBeLessThanOrEqual(8);
      }),
    );
    const near = [
      { hex: '#1e2a4a', weight: 2 },
      { hex: '#202c4c', weight: 1 },
    ];
    expect(blendColours([{ colours: near, weight: 1 }])).toEqual([
      { hex: '#1e2a4a', name: 'navy', weight: 1 },
    ]);
  });

  it('is empty when nothing weighs anything', () => {
    expect(blendColours([])).toEqual([]);
    expect(blendColours([{ colours: [{ hex: '#000000', weight: 0 }], weight: 1 }])).toEqual([]);
  });
});

describe('styles and seasons', () => {
  const of = (...hexes: readonly string[]) => hexes.map((text) => ({ hex: text, weight: 1 }));
  const firstStyle = (...hexes: readonly string[]): string | undefined =>
    stylesOf(of(...hexes), impressionOf(of(...hexes)))[0]?.name;

  it('hears natural in earth, minimal in greys, bold in vivid contrast, romantic in blush', () => {
    expect(firstStyle('#7a4f2e', '#d9c7a7', '#6a6b33')).toBe('natural');
    expect(firstStyle('#fbfbfb', '#b9bcc0', '#d6d6d4')).toBe('minimal');
    expect(firstStyle('#ff00ff', '#00ff40', '#101010')).toBe('bold');
    expect(firstStyle('#ecc8c4', '#ee9cb7', '#bdaee0')).toBe('romantic');
  });

  it('calls a palette that speaks of no style classic', () => {
    expect(stylesOf([], { brightness: 0, contrast: 0, saturation: 0, warmth: 0 })).toEqual([
      { name: 'classic', weight: 1 },
    ]);
  });

  it('knows the four colour seasons', () => {
    const season = (brightness: number, warmth: number): string =>
      colourSeasonOf({ brightness, warmth, contrast: 0.5, saturation: 0.5 });
    expect([season(0.8, 0.5), season(0.3, 0.5), season(0.8, -0.5), season(0.3, -0.5)]).toEqual([
      'spring',
      'autumn',
      'summer',
      'winter',
    ]);
  });
});
