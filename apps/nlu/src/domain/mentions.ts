import type { PieceWish } from '@aura/contracts';
import { LINKS } from './fillers';
import { isOf, valuesIn, type Part, type ReadPart } from './term';

/** A garment as a query speaks of it, with what stands beside it. */
export interface Mention {
  /** One for each piece that its word means: a suit is two. */
  readonly pieces: readonly PieceWish[];
  readonly refused: boolean;
  /** Indices of the parts that it is made of, in reading order, its garment among them. */
  readonly parts: readonly number[];
  /** Whether more was said of it than a piece can say: `strapless dress`, `evening shoes`. */
  readonly saysMore: boolean;
}

/**
 * The garments of a query, each with the colours and materials that are about it: those before it (`red or pink silk
 * dress`), and those behind `in` or `of` (`shoes in black`).
 */
export function mentionsOf(read: readonly ReadPart[]): readonly Mention[] {
  return read.flatMap(({ part, refused }, at) => {
    const words = valuesIn(part, 'garment');
    if (words.length === 0) return [];
    const before = indicesBefore(read, at);
    const own = [...before, ...indicesBehind(read, at)].map((index) => read[index]?.part);
    const colours = unique(own.flatMap((each) => valuesIn(each, 'colour')));
    const materials = unique(own.flatMap((each) => valuesIn(each, 'material')));
    return [
      {
        pieces: words.map((word) => ({ ...word, colours: [...colours], materials: [...materials] })),
        refused,
        parts: [...before, at, ...indicesBehind(read, at)],
        saysMore: own.some((each) => each?.kind !== 'joint' && !isAttribute(each)),
      },
    ];
  });
}

/** What stands before a garment and is about it, as far as nothing else begins. */
function indicesBefore(read: readonly ReadPart[], garment: number): readonly number[] {
  const taken: number[] = [];
  for (let at = garment - 1; at >= 0; at -= 1) {
    const here = read[at];
    if (here === undefined || here.refused !== read[garment]?.refused) break;
    if (!isModifier(here.part) && !joins(read, at)) break;
    taken.unshift(at);
  }
  return taken;
}

/** Colours and materials behind a word like `in`, unless they are those of a garment that follows. */
function indicesBehind(read: readonly ReadPart[], garment: number): readonly number[] {
  if (!isLink(read[garment + 1]?.part)) return [];
  const taken: number[] = [];
  let at = garment + 2;
  for (; isAttribute(read[at]?.part) || joins(read, at); at += 1) taken.push(at);
  return isOf(read[at]?.part, 'garment') ? [] : taken;
}

function isLink(part: Part | undefined): boolean {
  return (part?.kind === 'stop' || part?.kind === 'filler') && LINKS.has(part.text);
}

/** Whether a part joins two colours, or two materials: `red and pink`, not `leather and red`. */
function joins(read: readonly ReadPart[], at: number): boolean {
  const [before, here, behind] = [read[at - 1]?.part, read[at]?.part, read[at + 1]?.part];
  if (here?.kind !== 'joint') return false;
  return (['colour', 'material'] as const).some((kind) => isOf(before, kind) && isOf(behind, kind));
}

function isModifier(part: Part): boolean {
  return part.kind === 'unknown' || (part.kind === 'phrase' && !isOf(part, 'garment'));
}

function isAttribute(part: Part | undefined): boolean {
  return isOf(part, 'colour', 'material');
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
