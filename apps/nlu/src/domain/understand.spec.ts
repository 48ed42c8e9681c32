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
      pieces: [{ category: 'dress', colours: ['navy'], materials: [] }],
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
    ['I do not want black', [], ['black']],
    ['nothing in black, please', [], ['black']],
    ['I do not know what to wear with black', ['black'], []],
    ['no. Black', ['black'], []],
    ['no heels, black', ['black'], []],
    ['no black, leather or grey', [], ['black', 'grey']],
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
    expect(understand('a sneaker and some scarves').garments).toEqual(['shoes', 'accessory']);
  });

  const piece = (category: string, more: object = {}): object => ({
    category,
    colours: [],
    materials: [],
    ...more,
  });

  it.each([
    ['red dress', [piece('dress', { colours: ['red'] })], ['red']],
    ['a red summer dress', [piece('dress', { kind: 'summer dress', colours: ['red'] })], ['red']],
    [
      'a navy or black leather jacket',
      [piece('outerwear', { kind: 'jacket', colours: ['navy', 'black'], materials: ['leather'] })],
      ['navy', 'black'],
    ],
    ['a dress in red or pink', [piece('dress', { colours: ['red', 'pink'] })], ['red', 'pink']],
    [
      'boots of brown leather',
      [piece('shoes', { kind: 'boots', colours: ['brown'], materials: ['leather'] })],
      ['brown'],
    ],
    ['a dress in red shoes', [piece('shoes', { colours: ['red'] })], ['red']],
    [
      'a red evening dress with navy shoes',
      [piece('dress', { colours: ['red'] }), piece('shoes', { colours: ['navy'] })],
      ['red', 'navy'],
    ],
    ['red, and a dress', undefined, ['red']],
    ['a skirt', [piece('bottom', { kind: 'skirt' })], []],
    ['red dress, no dress', undefined, ['red']],
  ])('knows what the colours and materials of "%s" are about', (query, pieces, colours) => {
    const read = understand(query);
    expect(read.pieces).toEqual(pieces);
    expect(read.colours).toEqual(colours);
  });

  it.each([
    ['without shoes', [piece('shoes')]],
    ['no trousers', [piece('bottom', { kind: 'trousers' })]],
    ['anything but a skirt', [piece('bottom', { kind: 'skirt' })]],
    ['I do not want a dress', [piece('dress')]],
    ['nothing with a hat', [piece('accessory', { kind: 'hat' })]],
    ['no heels, sandals or boots', ['heels', 'sandals', 'boots'].map((kind) => piece('shoes', { kind }))],
    ['no heels, sandals please', [piece('shoes', { kind: 'heels' })]],
    ['no heels but sandals', [piece('shoes', { kind: 'heels' })]],
    ['no black or brown shoes', [piece('shoes', { colours: ['black', 'brown'] })]],
    ['no shoes in black', [piece('shoes', { colours: ['black'] })]],
    ['no leather shoes', [piece('shoes', { materials: ['leather'] })]],
    ['leather-free shoes', [piece('shoes', { materials: ['leather'] })]],
    ['no suit', [piece('outerwear', { kind: 'blazer' }), piece('bottom', { kind: 'suit trousers' })]],
  ])('refuses the pieces of "%s", and no colour or material elsewhere', (query, avoidPieces) => {
    const read = understand(query);
    expect(read.avoidPieces).toEqual(avoidPieces);
    expect(read).toMatchObject({ neutral: false, colours: [], avoidColours: [] });
    expect(read).not.toHaveProperty('materials');
    expect(read).not.toHaveProperty('avoidMaterials');
  });

  it.each([
    ['no leather', undefined, ['leather']],
    ['without leather, wool or fur', undefined, ['leather', 'wool', 'fur']],
    ['I am allergic to wool', undefined, ['wool']],
    ['no leather and red shoes', undefined, ['leather']],
    ['something in linen, no silk', ['linen'], ['silk']],
    ['silk, no silk', undefined, ['silk']],
    ['a linen shirt', undefined, undefined],
  ])('reads the materials of "%s"', (query, materials, avoidMaterials) => {
    const read = understand(query);
    expect(read.materials).toEqual(materials);
    expect(read.avoidMaterials).toEqual(avoidMaterials);
  });

  it.each([
    ['a frobnicated red dress for Rome', ['frobnicated', 'rome']],
    ['something elegant for a wedding, please', undefined],
    ['no floral, nothing for the beach', ['no floral', 'no beach']],
    ['no strapless black dress', ['no strapless black dress']],
    ['lorem ipsum dolor', ['lorem', 'ipsum', 'dolor']],
    ['size 38', ['size']],
    [`${'x'.repeat(80)} a b c d e f g h j k`, ['x'.repeat(60), 'b', 'c', 'd', 'e', 'f', 'g', 'h']],
  ])('says what it did not understand of "%s"', (query, missed) => {
    expect(understand(query).notUnderstood).toEqual(missed);
  });

  it('refuses no dress at all for one that it cannot tell from others', () => {
    expect(understand('no strapless black dress')).toMatchObject({ neutral: true, avoidColours: [] });
    expect(understand('no strapless black dress')).not.toHaveProperty('avoidPieces');
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
      for (const { kind, value } of terms)
        expect(kind === 'garment' ? (value.kind ?? value.category) : value).toMatch(
          /^[a-z][a-z0-9 -]{0,39}$/,
        );
    }
  });
});
