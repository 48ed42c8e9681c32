import { fashionAnalysis, moneyText, type JsonValue } from '@aura/client';
import type { Terminal } from '../terminal';

const SHOWN_OUTFITS = 5;

/** What of an analysis an output has; a shorter workflow brings a part of it. */
const partOfAnalysis = fashionAnalysis.partial().required({ palette: true });

type Part = ReturnType<typeof partOfAnalysis.parse>;

/** A fashion analysis, or the part of one, for people; undefined when the output is something else. */
export function fashionPage(
  output: JsonValue | undefined,
  terminal: Terminal,
): readonly string[] | undefined {
  const parsed = partOfAnalysis.safeParse(output);
  if (!parsed.success) return undefined;
  return [
    ...palettePart(parsed.data, terminal),
    ...profilePart(parsed.data, terminal),
    ...outfitsPart(parsed.data, terminal),
    ...recommendationsPart(parsed.data, terminal),
  ];
}

function palettePart({ palette }: Part, terminal: Terminal): readonly string[] {
  return [
    heading('Palette', terminal),
    ...palette.map(
      ({ hex, name, share }) => `  ${swatch(hex, terminal)}${hex}  ${percent(share).padStart(4)}  ${name}`,
    ),
  ];
}

function profilePart({ profile }: Part, terminal: Terminal): readonly string[] {
  if (profile === undefined) return [];
  const styles = profile.styles.map(({ name, weight }) => `${name} ${percent(weight)}`).join(', ');
  const colours = profile.colours.map(({ hex, name }) => `${swatch(hex, terminal)}${name}`).join('  ');
  return [
    heading('Profile', terminal),
    `  season ${profile.season}, undertone ${profile.undertone}, contrast ${profile.contrast}`,
    `  styles ${styles}`,
    `  colours ${colours}`,
  ];
}

function outfitsPart({ outfits }: Part, terminal: Terminal): readonly string[] {
  if (outfits === undefined) return [];
  const shown = outfits.slice(0, SHOWN_OUTFITS).flatMap(({ items, harmony }, index) => {
    const pieces = items.map(({ hex, name }) => `${swatch(hex, terminal)}${name}`).join(', ');
    return `  ${index + 1}. ${harmony.rule} ${percent(harmony.score)}: ${pieces}`;
  });
  const more = outfits.length - shown.length;
  return [heading('Outfits', terminal), ...orNone(shown), ...(more > 0 ? [`  … and ${more} more`] : [])];
}

function recommendationsPart({ recommendations, emptyBecause }: Part, terminal: Terminal): readonly string[] {
  if (recommendations === undefined) return [];
  const lines = recommendations
    .slice(0, SHOWN_OUTFITS)
    .flatMap(({ rank, score, items, reasons, totalCents, currency }) => [
      `  ${rank}. ${items.map(({ name }) => name).join(', ')}  (${percent(score)}, ${moneyText(totalCents, currency)})`,
      ...reasons.map((reason) => `     ${terminal.colours.dim(reason)}`),
    ]);
  return [heading('Recommendations', terminal), ...orNone(lines, emptyBecause)];
}

/** Two cells in a colour, and a space; nothing where no colours are shown. */
function swatch(hex: string, { hasColour }: Terminal): string {
  if (!hasColour) return '';
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `\u001b[48;2;${red};${green};${blue}m  \u001b[0m `;
}

function heading(text: string, { colours }: Terminal): string {
  return colours.bold(text);
}

function orNone(lines: readonly string[], because?: string): readonly string[] {
  if (lines.length > 0) return lines;
  return because === undefined ? ['  none'] : ['  none', `     ${because}`];
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}
