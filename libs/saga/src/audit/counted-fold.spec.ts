import type { JsonValue } from '@aura/contracts';
import { countedChange, CountedFold } from './counted-fold';

/** Adds changes up; answers the fold and everything that it found wrong. */
function added(...changes: readonly JsonValue[]) {
  const fold = new CountedFold();
  const wrong = changes.flatMap((json) => {
    const change = countedChange(json);
    if (change === undefined) throw new Error(`${JSON.stringify(json)} counts nothing`);
    return fold.add(change) ?? [];
  });
  const { unit, received, held, spent, onHand } = fold;
  return { wrong, unit, received, held, spent, onHand };
}

const change = (kind: string, amount: number, hold?: string, unit: string | null = 'EUR') => ({
  kind,
  amount,
  unit,
  ...(hold === undefined ? {} : { hold }),
});

describe('what a journal says of something counted', () => {
  it('adds up to what was received, is held, was spent and is on hand', () => {
    expect(
      added(
        change('received', 100),
        change('held', 30, 'a'),
        change('held', 20, 'b'),
        change('spent', 10, 'a'),
        change('released', 20, 'b'),
        change('returned', 5),
      ),
    ).toEqual({ wrong: [], unit: 'EUR', received: 95, held: 20, spent: 10, onHand: 65 });
  });

  it('takes no more from a hold than it has: what was spent stays spent when the hold is undone behind it', () => {
    expect(
      added(
        change('received', 100),
        change('held', 30, 'a'),
        change('spent', 50, 'a'),
        change('released', 30, 'a'),
      ),
    ).toMatchObject({ wrong: [], held: 0, spent: 30, onHand: 70 });
  });

  it('takes a spending back into its hold', () => {
    expect(
      added(
        change('received', 100),
        change('held', 30, 'a'),
        change('spent', 30, 'a'),
        change('unspent', 30, 'a'),
      ),
    ).toMatchObject({ wrong: [], held: 30, spent: 0, onHand: 70 });
  });

  it('has something wrong when there is less than nothing', () => {
    expect(added(change('received', 10), change('held', 30, 'a')).wrong).toEqual([
      'below nothing: received 10, held 30, spent 0, so that -20 are on hand',
    ]);
  });

  it('has something wrong when the unit changes, and counts nothing of that', () => {
    expect(added(change('received', 10), change('received', 10, undefined, 'USD'))).toMatchObject({
      wrong: ['received 10 USD, but it is counted in EUR'],
      received: 10,
    });
  });

  it('counts what has no unit', () => {
    expect(added(change('received', 3, undefined, null), change('held', 1, 'a', null))).toMatchObject({
      wrong: [],
      unit: undefined,
      onHand: 2,
    });
  });
});

describe('what is not counted', () => {
  it.each<[string, JsonValue]>([
    ['nothing at all', null],
    ['a change of another kind', change('painted', 1)],
    ['an amount that is none', { ...change('received', 1), amount: 1.5 }],
    ['less than nothing', change('received', -1)],
    ['a unit that is none', { kind: 'received', amount: 1, unit: 7 }],
    ['a hold without a name', change('held', 1)],
  ])('is %s', (_what, json) => {
    expect(countedChange(json)).toBeUndefined();
  });
});
