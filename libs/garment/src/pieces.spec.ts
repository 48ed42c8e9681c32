import type { PieceWish } from '@aura/contracts';
import { isPiece, isRefused, isWholeCategory, looseColours, pieceText, type Garment } from './pieces';

const jeans: Garment = {
  category: 'bottom',
  kinds: ['trousers', 'jeans'],
  materials: ['denim', 'cotton'],
  hex: '#2b3d5e',
};
const bottom: PieceWish = { category: 'bottom', colours: [], materials: [] };

describe('isPiece', () => {
  it.each<[string, Partial<PieceWish>, boolean]>([
    ['any of its category', {}, true],
    ['one of its kinds', { kind: 'trousers' }, true],
    ['another kind', { kind: 'skirt' }, false],
    ['one of several colours', { colours: ['red', 'blue'] }, true],
    ['colours that it has not', { colours: ['red'] }, false],
    ['one of its materials', { materials: ['cotton'] }, true],
    ['materials that it is not of', { materials: ['leather', 'wool'] }, false],
    ['another category', { category: 'shoes' }, false],
    ['its kind in another colour', { kind: 'jeans', colours: ['black'] }, false],
  ])('tells jeans by a wish for %s', (_what, wish, expected) => {
    expect(isPiece(jeans, { ...bottom, ...wish })).toBe(expected);
  });

  it('takes a piece of which little is known for no kind and no material', () => {
    const unknown: Garment = { category: 'bottom', hex: '#2b3d5e' };
    expect(isPiece(unknown, bottom)).toBe(true);
    expect(isPiece(unknown, { ...bottom, kind: 'jeans' })).toBe(false);
    expect(isPiece(unknown, { ...bottom, materials: ['denim'] })).toBe(false);
  });
});

describe('isRefused', () => {
  it('refuses by colour, by material and by piece', () => {
    expect(isRefused(jeans, { avoidColours: [] })).toBe(false);
    expect(isRefused(jeans, { avoidColours: ['navy'] })).toBe(true);
    expect(isRefused(jeans, { avoidColours: [], avoidMaterials: ['denim'] })).toBe(true);
    expect(isRefused(jeans, { avoidColours: [], avoidPieces: [{ ...bottom, kind: 'trousers' }] })).toBe(true);
    expect(isRefused(jeans, { avoidColours: [], avoidPieces: [{ ...bottom, kind: 'skirt' }] })).toBe(false);
  });
});

describe('a wish for a piece', () => {
  it('is for the whole category when nothing more is said', () => {
    expect(isWholeCategory(bottom)).toBe(true);
    expect(isWholeCategory({ ...bottom, kind: 'jeans' })).toBe(false);
    expect(isWholeCategory({ ...bottom, colours: ['black'] })).toBe(false);
    expect(isWholeCategory({ ...bottom, materials: ['denim'] })).toBe(false);
  });

  it('reads like what people say', () => {
    expect(pieceText({ category: 'dress', colours: ['red'], materials: [] })).toBe('red dress');
    expect(
      pieceText({ category: 'shoes', kind: 'boots', colours: ['black', 'brown'], materials: ['leather'] }),
    ).toBe('black or brown leather boots');
    expect(pieceText(bottom)).toBe('trousers or skirt');
  });
});

describe('looseColours', () => {
  it('are those that no piece has', () => {
    const pieces: PieceWish[] = [{ category: 'dress', colours: ['red'], materials: [] }];
    expect(looseColours({ colours: ['red', 'blue'], pieces })).toEqual(['blue']);
    expect(looseColours({ colours: ['red', 'blue'] })).toEqual(['red', 'blue']);
  });
});
