import type { Formality, QueryUnderstanding } from '@aura/contracts';
import { readBudget } from './budget';
import { readTerms, type ReadTerm } from './negation';
import { partsOf } from './parts';
import type { Term, TermKind, TermValues } from './term';

/** Who refuses one end of the scale (`not too formal`) means its middle. */
const MIDDLE: Formality = 'smart-casual';

/** Who asks for something `formal` and `casual` at once gets the most dressed up of it. */
const LEVELS: readonly Formality[] = ['formal', 'business', 'smart-casual', 'casual'];

/**
 * Puts an English query into terms of the domain; a function of the text alone. Words that it does not know are
 * passed over. A query without any known word, and no query, is neutral: it asks for nothing in particular.
 */
export function understand(query: string | undefined): QueryUnderstanding {
  const text = query?.trim();
  if (text === undefined || text === '') return { neutral: true, ...NOTHING };
  const { budget, rest } = readBudget(text);
  const terms = readTerms(partsOf(rest));
  const level = formalityOf(terms);
  const money = budget === undefined ? {} : { budgetCents: budget.cents, currency: budget.currency };
  return {
    neutral: terms.length === 0 && budget === undefined,
    text,
    ...listsOf(terms),
    ...(level === undefined ? {} : { formality: level }),
    ...money,
  };
}

const NOTHING = { occasions: [], seasons: [], colours: [], avoidColours: [], garments: [], styles: [] };

type Lists = Pick<
  QueryUnderstanding,
  'occasions' | 'seasons' | 'colours' | 'avoidColours' | 'garments' | 'styles'
>;

function listsOf(terms: readonly ReadTerm[]): Lists {
  const avoidColours = valuesOf(terms, 'colour', true);
  return {
    occasions: valuesOf(terms, 'occasion', false),
    seasons: valuesOf(terms, 'season', false),
    // Wanted and refused in one query: the refusal is the safer reading.
    colours: valuesOf(terms, 'colour', false).filter((colour) => !avoidColours.includes(colour)),
    avoidColours,
    garments: valuesOf(terms, 'garment', false),
    styles: valuesOf(terms, 'style', false),
  };
}

/** Values of one kind in the order in which they were said, each once. */
function valuesOf<K extends TermKind>(
  terms: readonly ReadTerm[],
  kind: K,
  refused: boolean,
): TermValues[K][] {
  const isOfKind = (term: Term): term is Term & { readonly kind: K; readonly value: TermValues[K] } =>
    term.kind === kind;
  const said = terms.filter((read) => read.refused === refused).map(({ term }) => term);
  return [...new Set(said.filter(isOfKind).map(({ value }) => value))];
}

function formalityOf(terms: readonly ReadTerm[]): Formality | undefined {
  const wanted = valuesOf(terms, 'formality', false);
  const refused = valuesOf(terms, 'formality', true);
  return LEVELS.find((level) => wanted.includes(level)) ?? (refused.length > 0 ? MIDDLE : undefined);
}
