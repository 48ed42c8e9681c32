import type { Part, Term, TermKind } from './term';

/** A term of a query, and whether it was refused (`no black`). */
export interface ReadTerm {
  readonly term: Term;
  readonly refused: boolean;
}

/**
 * Tells what a query wants from what it refuses. A refusal reaches from its word to the end of the sentence or to a
 * word that starts something new (`but`, `for`); over a comma only to a further colour that is not the colour of a
 * garment: `no black, brown or grey` refuses three, `no black, white shoes` refuses one.
 */
export function readTerms(parts: readonly Part[]): readonly ReadTerm[] {
  let reach: Reach = 'none';
  return parts.flatMap((part, index) => {
    reach = reachAt(reach, parts, index);
    if (part.kind !== 'phrase') return [];
    const refused = reach !== 'none';
    if (reach === 'next') reach = 'none';
    return part.terms.map((term) => ({ term, refused }));
  });
}

/** How far the refusal that holds reaches. */
type Reach = 'none' | 'next' | 'clause';

function reachAt(before: Reach, parts: readonly Part[], index: number): Reach {
  const part = parts[index];
  if (part?.kind === 'negation') return part.reach;
  if (part?.kind === 'stop') return 'none';
  if (part?.kind === 'comma') return isBareColour(parts[index + 1], parts[index + 2]) ? before : 'none';
  return before;
}

function isBareColour(part: Part | undefined, next: Part | undefined): boolean {
  return hasTerm(part, 'colour') && !hasTerm(next, 'garment');
}

function hasTerm(part: Part | undefined, kind: TermKind): boolean {
  return part?.kind === 'phrase' && part.terms.some((term) => term.kind === kind);
}
