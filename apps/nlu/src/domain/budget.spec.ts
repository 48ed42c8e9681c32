import fc from 'fast-check';
import { readBudget } from './budget';

describe('readBudget', () => {
  it.each([
    ['under 120 euro', 12_000, 'EUR'],
    ['something below €80', 8_000, 'EUR'],
    ['max. 80', 8_000, 'EUR'],
    ['my budget is 150', 15_000, 'EUR'],
    ['budget: 99.90 EUR', 9_990, 'EUR'],
    ['no more than $200', 20_000, 'USD'],
    ['up to 90 pounds', 9_000, 'GBP'],
    ['€ 1.250,50', 125_050, 'EUR'],
    ['less than 1,250 euros', 125_000, 'EUR'],
    ['between 50 and 90 pounds', 9_000, 'GBP'],
    ['50-100 euro', 10_000, 'EUR'],
    ['a dress for 70 chf', 7_000, 'CHF'],
    ['over 50 euro but under 100 euro', 10_000, 'EUR'],
  ])('reads "%s"', (query, cents, currency) => {
    expect(readBudget(query).budget).toEqual({ cents, currency });
  });

  it.each([
    'size 38',
    'for 2 people',
    'under 25 degrees',
    'a size 36 dress for 3 days',
    'over 50 euro',
    '',
    'in 2024',
  ])('finds none in "%s"', (query) => {
    expect(readBudget(query)).toEqual({ rest: query });
  });

  it('takes its own words out of the query', () => {
    const { rest } = readBudget('navy dress, no more than 100 euro, red shoes');
    expect(rest).not.toMatch(/100|euro|more/);
    expect(rest).toMatch(/navy dress.*red shoes/);
  });

  it('reads back every amount that it is told', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), (cents) => {
        const euro = (cents / 100).toFixed(2);
        expect(readBudget(`under ${euro} euro`).budget).toEqual({ cents, currency: 'EUR' });
      }),
    );
  });

  it('takes no time over a long hostile text', () => {
    expect(readBudget(`${'1 111 '.repeat(300)}under`).budget).toBeUndefined();
    expect(readBudget('between '.repeat(250)).budget).toBeUndefined();
  });
});
