import type { HarmonyRule, Outfit, OutfitItem } from '@aura/contracts';
import { isNeutral, oklabOfHex } from '@aura/colour';
import type { Argument } from './request';
import { inSentence, listed, sentence } from './words';

/** How much harmony counts. */
const WEIGHT = 0.35;

/** How well the colours of the pieces go together, and by which rule. */
export function argueHarmony({ items, harmony }: Outfit): Argument {
  const chromatic = items.filter(({ hex }) => !isNeutral(oklabOfHex(hex)));
  const words = { chromatic, accent: listed(chromatic.map(({ colour }) => colour)) };
  return { score: harmony.score, weight: WEIGHT, reasons: [REASONS[harmony.rule](words, items)] };
}

interface Words {
  readonly chromatic: readonly OutfitItem[];
  /** Colours of the chromatic pieces as a list. */
  readonly accent: string;
}

const REASONS: Readonly<Record<HarmonyRule, (words: Words, items: readonly OutfitItem[]) => string>> = {
  neutral: quiet,
  monochromatic: oneHue,
  analogous: ({ accent }) => sentence(`${accent} lie side by side on the colour circle and blend softly.`),
  complementary: ({ accent }) =>
    sentence(`${accent} are opposites on the colour circle and set each other off.`),
  'split-complementary': ({ accent }) =>
    sentence(`${accent} lie almost opposite on the colour circle: lively, without a clash.`),
  triadic: ({ accent }) =>
    sentence(`${accent} are spread around the colour circle and keep each other in balance.`),
};

function oneHue({ chromatic, accent }: Words, items: readonly OutfitItem[]): string {
  const neutral = items.filter((item) => !chromatic.includes(item)).map(({ colour }) => colour);
  if (neutral.length === 0) return `All its colours are shades of one hue: ${accent}.`;
  return `Beside ${listed(neutral)}, its colours are shades of one hue: ${accent}.`;
}

function quiet({ chromatic: [only] }: Words, items: readonly OutfitItem[]): string {
  if (only === undefined) {
    return `Quiet tones that go with everything: ${listed(items.map(({ colour }) => colour))}.`;
  }
  const rest = items.filter(({ id }) => id !== only.id).map(({ colour }) => colour);
  const others = rest.length === 0 ? 'there is nothing beside' : `the rest is ${listed(rest)}`;
  return `Nothing competes with the ${inSentence(only.name)}: ${others}.`;
}
