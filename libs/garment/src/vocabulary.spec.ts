import { garmentCategory, plainWord } from '@aura/contracts';
import { GARMENTS, MATERIALS } from './vocabulary';

const all = Object.values(GARMENTS);

describe('the vocabulary of garments', () => {
  it('has every category', () => {
    expect(Object.keys(GARMENTS).sort()).toEqual([...garmentCategory.options].sort());
  });

  it('names kinds and materials in words that events may carry', () => {
    for (const name of [...all.flatMap(({ kinds }) => Object.keys(kinds)), ...Object.keys(MATERIALS)])
      expect(plainWord.parse(name)).toBe(name);
  });

  it('means one thing by each phrase of at most three words', () => {
    const phrases = [
      ...all.flatMap(({ words, kinds }) => [...words, ...Object.values(kinds).flat()]),
      ...Object.values(MATERIALS).flat(),
    ];
    expect(new Set(phrases).size).toBe(phrases.length);
    for (const phrase of phrases) expect(phrase).toMatch(/^[a-z]+( [a-z]+){0,2}$/);
  });
});
