import type { Formality, PieceWish, QueryUnderstanding } from '@aura/contracts';
import { isWholeCategory } from '@aura/garment';
import { readBudget, type Budget } from './budget';
import { mentionsOf, type Mention } from './mentions';
import { readParts } from './negation';
import { isBeyond, notUnderstood } from './not-understood';
import { partsOf } from './parts';
import { valuesIn, type Part, type ReadPart, type TermKind, type TermValues } from './term';

/** Who refuses one end of the scale (`not too formal`) means its middle. */
const MIDDLE: Formality = 'smart-casual';

/** Who asks for something `formal` and `casual` at once gets the most dressed up of it. */
const LEVELS: readonly Formality[] = ['formal', 'business', 'smart-casual', 'casual'];

/**
 * Puts an English query into terms of the domain; a function of the text alone. A query without any known word, and no
 * query, is neutral: it asks for nothing in particular. Words that it does not know stand in `notUnderstood`.
 */
export function understand(query: string | undefined): QueryUnderstanding {
  const text = query?.trim();
  if (text === undefined || text === '') return { neutral: true, ...NOTHING };
  const { budget, rest } = readBudget(text);
  const read = readParts(partsOf(rest));
  const mentions = mentionsOf(read);
  const said = { ...listsOf(read, mentions), ...formalityOf(read), ...moneyOf(budget) };
  const missed = notUnderstood(read, mentions);
  return {
    neutral: Object.values(said).every((value) => Array.isArray(value) && value.length === 0),
    text,
    ...said,
    ...(missed === undefined ? {} : { notUnderstood: [...missed] }),
  };
}

const NOTHING = { occasions: [], seasons: [], colours: [], avoidColours: [], garments: [], styles: [] };

type Lists = Omit<
  QueryUnderstanding,
  'neutral' | 'text' | 'formality' | 'budgetCents' | 'currency' | 'notUnderstood'
>;

function listsOf(read: readonly ReadPart[], mentions: readonly Mention[]): Lists {
  const { wanted, beside, refused } = partsBy(read, mentions);
  const avoidPieces = piecesOf(mentions.filter((mention) => mention.refused && !isBeyond(mention)));
  const avoidColours = valuesOf(refused, 'colour');
  const avoidMaterials = valuesOf(refused, 'material');
  // Wanted and refused in one query: the refusal is the safer reading.
  const pieces = piecesOf(mentions.filter((mention) => !mention.refused)).filter(
    ({ category }) => !avoidPieces.some((wish) => wish.category === category && isWholeCategory(wish)),
  );
  return {
    occasions: valuesOf(wanted, 'occasion'),
    seasons: valuesOf(wanted, 'season'),
    colours: valuesOf(wanted, 'colour').filter((colour) => !avoidColours.includes(colour)),
    avoidColours,
    garments: unique(pieces.map(({ category }) => category)),
    styles: valuesOf(wanted, 'style'),
    ...ifAny(
      'pieces',
      pieces.filter((wish) => !isWholeCategory(wish)),
    ),
    ...ifAny('avoidPieces', avoidPieces),
    ...ifAny(
      'materials',
      valuesOf(beside, 'material').filter((material) => !avoidMaterials.includes(material)),
    ),
    ...ifAny('avoidMaterials', avoidMaterials),
  };
}

/** Parts by what they say, in reading order. */
interface Sides {
  readonly wanted: readonly Part[];
  /** Those of `wanted` that are about no garment. */
  readonly beside: readonly Part[];
  /** Those that are refused whatever has them: not the black of `no black shoes`. */
  readonly refused: readonly Part[];
}

function partsBy(read: readonly ReadPart[], mentions: readonly Mention[]): Sides {
  const within = (side: boolean): ReadonlySet<number> =>
    new Set(mentions.filter(({ refused }) => refused === side).flatMap(({ parts }) => parts));
  const [ofWanted, ofRefused] = [within(false), within(true)];
  const at = (holds: (refused: boolean, index: number) => boolean): readonly Part[] =>
    read
      .filter(({ refused }, index) => !ofRefused.has(index) && holds(refused, index))
      .map(({ part }) => part);
  return {
    wanted: at((refused, index) => ofWanted.has(index) || !refused),
    beside: at((refused, index) => !ofWanted.has(index) && !refused),
    refused: at((refused, index) => !ofWanted.has(index) && refused),
  };
}

/** Values of one kind in the order in which they were said, each once. */
function valuesOf<K extends TermKind>(parts: readonly Part[], kind: K): TermValues[K][] {
  return unique(parts.flatMap((part) => valuesIn(part, kind)));
}

function piecesOf(mentions: readonly Mention[]): PieceWish[] {
  const byText = new Map(
    mentions.flatMap(({ pieces }) => pieces).map((piece) => [JSON.stringify(piece), piece]),
  );
  return [...byText.values()];
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** A member that is absent where a list is empty. */
function ifAny<K extends string, T>(name: K, values: readonly T[]): { readonly [N in K]?: T[] } {
  return values.length === 0 ? {} : ({ [name]: [...values] } as { readonly [N in K]?: T[] });
}

function formalityOf(read: readonly ReadPart[]): Pick<QueryUnderstanding, 'formality'> {
  const levels = (side: boolean): Formality[] =>
    valuesOf(
      read.filter(({ refused }) => refused === side).map(({ part }) => part),
      'formality',
    );
  const level =
    LEVELS.find((one) => levels(false).includes(one)) ?? (levels(true).length > 0 ? MIDDLE : undefined);
  return level === undefined ? {} : { formality: level };
}

function moneyOf(budget: Budget | undefined): Pick<QueryUnderstanding, 'budgetCents' | 'currency'> {
  return budget === undefined ? {} : { budgetCents: budget.cents, currency: budget.currency };
}
