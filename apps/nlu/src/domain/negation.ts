import { SENTENCE_END } from './parts';
import { isOf, type Part, type ReadPart } from './term';

/**
 * Tells what a query wants from what it refuses. A refusal reaches from its word to the end of the sentence or to a
 * word that starts something new (`but`, `for`) and does not stand directly behind it (`not for work`). Over a comma
 * it reaches from a colour or a material to a further one that is not that of a garment, and from a garment to others in
 * a row that ends with `or`: `no black, brown or grey` and `no heels, sandals or boots` refuse three,
 * `no black, white shoes` refuses one.
 */
export function readParts(parts: readonly Part[]): readonly ReadPart[] {
  let reach: Reach = 'none';
  return parts.map((part, index) => {
    reach = reachAt(reach, parts, index);
    const refused = reach !== 'none';
    if (part.kind === 'phrase' && reach === 'next') reach = 'none';
    return { part, refused };
  });
}

/** How far the refusal that holds reaches. */
type Reach = 'none' | 'next' | 'clause';

function reachAt(before: Reach, parts: readonly Part[], index: number): Reach {
  const part = parts[index];
  if (part?.kind === 'negation') return part.reach;
  return endsRefusal(parts, index) ? 'none' : before;
}

function endsRefusal(parts: readonly Part[], index: number): boolean {
  const kind = parts[index]?.kind;
  if (kind === 'comma') return !goesOn(parts, index);
  return kind === 'stop' && !isPartOfNegation(parts, index);
}

/** Whether nothing but words like it stands between a stop and the word that refuses: `do not want`, `not in`. */
function isPartOfNegation(parts: readonly Part[], index: number): boolean {
  const part = parts[index];
  if (part?.kind === 'negation') return true;
  if (part?.kind !== 'stop' || SENTENCE_END.test(part.text)) return false;
  return isPartOfNegation(parts, index - 1);
}

/** Whether what is refused before a comma goes on behind it: like beside like. */
function goesOn(parts: readonly Part[], comma: number): boolean {
  const [before, behind] = [parts[comma - 1], parts[comma + 1]];
  if (isOf(before, 'garment')) return isRow(parts, comma + 1);
  return isBare(before, undefined) && isBare(behind, parts[comma + 2]);
}

/** A colour or a material that is not one of a garment. */
function isBare(part: Part | undefined, next: Part | undefined): boolean {
  return isOf(part, 'colour', 'material') && !isOf(next, 'garment');
}

/** Garments between commas, the last one behind `or`. */
function isRow(parts: readonly Part[], from: number): boolean {
  if (!isOf(parts[from], 'garment')) return false;
  const next = parts[from + 1];
  if (next?.kind === 'joint') return isOf(parts[from + 2], 'garment');
  return next?.kind === 'comma' && isRow(parts, from + 2);
}
