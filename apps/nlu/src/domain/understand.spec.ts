import { queryUnderstanding } from '@aura/contracts';
import fc from 'fast-check';
import { LEXICON } from './lexicon';
import { understand } from './understand';

describe('understand', () => {
  it.each([undefined, '', '  \n '])('takes no query (%p) as a neutral one, without text', (query) => {
    expect(understand(query)).toEqual({
      neutral: true,
      occasions: [],
      seasons: [],
      colours: [],
      avoidColours: [],
      garments: [],
      styles: [],
    });
  });

  it('is neutral where it understands nothing, and keeps the text', () => {
    expect(understand('lorem ipsum dolor')).toMatchObject({ neutral: true, text: 'lorem ipsum dolor' });
  });

  it('reads a whole wish', () => {
    expect(understand('An elegant navy dress for a summer wedding under 250 euro, no black please')).toEqual({
      neutral: false,
      text: 'An elegant navy dress for a summer wedding under 250 euro, no black please',
      occasions: ['wedding'],
      seasons: ['summer'],
      colours: ['navy'],
      avoidColours: ['black'],
      garments: ['dress'],
      styles: ['elegant'],
      budgetCents: 25_000,
      currency: 'EUR',
    });
  });

  it.each([
    ['no black, brown or grey', [], ['black', 'brown', 'grey']],
    ['no black, white shoes', ['white'], ['black']],
    ['not black but navy', ['navy'], ['black']],
    ['anything but yellow', [], ['yellow']],
    ['nothing but black', ['black'], []],
    ['I don’t like orange. Green is great', ['green'], ['orange']],
    ['without pink or red for my green shoes', ['green'], ['pink', 'red']],
    ['dark blue and burgundy', ['navy', 'burgundy'], []],
    ['pastels, no mint', ['lavender', 'blush'], ['mint']],
    ['black, no black', [], ['black']],
    ['no more than 100 euro, black', ['black'], []],
    ['black tie', [], []],
  ])('reads the colours of "%s"', (query, colours, avoidColours) => {
    expect(understand(query)).toMatchObject({ colours, avoidColours });
  });

  it.each([
    ['business casual for the office', 'smart-casual', ['work']],
    ['black tie gala', 'formal', ['evening']],
    ['not too formal dinner date', 'smart-casual', ['date-night']],
    ['casual weekend', 'casual', ['everyday']],
    ['a suit for my job interview', 'business', ['interview']],
    ['garden party and beach holidays', undefined, ['party', 'holiday']],
  ])('reads formality and occasion of "%s"', (query, formality, occasions) => {
    const read = understand(query);
    expect(read.formality).toBe(formality);
    expect(read.occasions).toEqual(occasions);
  });

  it('reads garments in any number and spelling', () => {
    expect(understand('T-Shirts, jeans, dresses, ankle boots and a tote').garments).toEqual([
      'top',
      'bottom',
      'dress',
      'shoes',
      'bag',
    ]);
    expect(understand('no dress').garments).toEqual([]);
  });

  it('reads seasons by month and weather', () => {
    expect(understand('october, cold weather, in May').seasons).toEqual(['autumn', 'winter', 'spring']);
    expect(understand('I may wear it in the fall').seasons).toEqual(['autumn']);
  });

  it('keeps its contract and its answer for any text at all', () => {
    const phrase = fc.constantFrom(...LEXICON.keys(), 'no', 'not', 'but', ',', '.', 'under 90 euro', '€ 12');
    const wish = fc.array(fc.oneof(phrase, fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 30 });
    fc.assert(
      fc.property(wish, (words) => {
        const query = words.join(' ');
        const read = understand(query);
        expect(queryUnderstanding.parse(read)).toEqual(read);
        expect(understand(query)).toEqual(read);
        expect(read.colours.filter((colour) => read.avoidColours.includes(colour))).toEqual([]);
      }),
    );
  });

  it('knows only words that events may carry', () => {
    for (const terms of LEXICON.values()) {
      for (const { value } of terms) expect(value).toMatch(/^[a-z][a-z0-9 -]{0,39}$/);
    }
  });
});
