import type { JsonValue } from '@aura/contracts';
import fc from 'fast-check';
import { defineHoldings } from './define-holdings';
import type { HoldingsWish } from './define-holdings';
import { availableOf, heldBy, heldOf, NO_HOLDINGS } from './holdings';
import type { Holdings } from './holdings';
import { OPENING, openingRow } from './opening-row';

const till = defineHoldings('till', {
  tooLittle: ({ available }, { amount }) => refusal('TOO_LITTLE', `${amount} of ${available}`),
  otherUnit: ({ unit }, wanted) => refusal('OTHER_UNIT', `${wanted.unit} of ${unit}`),
  heldAlready: (_figures, { hold }) => refusal('HELD', hold),
  nothingHeld: ({ held }, { hold }) => refusal('NOTHING', `${hold} of ${held}`),
});

function refusal(code: string, message: string) {
  return { code, message, help: '' };
}

const receive = (amount: number, unit = 'EUR'): HoldingsWish => ({ kind: 'receive', amount, unit });
const hold = (name: string, amount: number, unit = 'EUR'): HoldingsWish => ({
  kind: 'hold',
  hold: name,
  amount,
  unit,
});
const release = (name: string): HoldingsWish => ({ kind: 'release', hold: name });
const spend = (name: string): HoldingsWish => ({ kind: 'spend', hold: name });

interface Done {
  readonly state: Holdings;
  readonly changes: readonly JsonValue[];
  readonly codes: readonly string[];
}

function given(...wishes: readonly HoldingsWish[]): Done {
  return wishes.reduce<Done>(
    ({ state, changes, codes }, wish) => {
      const verdict = till.decide(state, wish, 'anna');
      if ('refused' in verdict) return { state, changes, codes: [...codes, verdict.refused.code] };
      const { change } = verdict;
      return { state: till.evolve(state, change), changes: [...changes, change], codes };
    },
    { state: NO_HOLDINGS, changes: [], codes: [] },
  );
}

describe('holdings', () => {
  it('are available, held or spent', () => {
    const { state } = given(receive(100), hold('a', 30), hold('b', 20), spend('a'));
    expect([state.received, availableOf(state), heldOf(state), state.spent]).toEqual([100, 50, 20, 30]);
    expect([heldBy(state, 'a'), heldBy(state, 'b'), heldBy(state, 'toString')]).toEqual([0, 20, 0]);
  });

  it.each([
    ['what is more than is available', [receive(10), hold('a', 4), hold('b', 7)], 'TOO_LITTLE'],
    ['anything before something came in', [hold('a', 1)], 'TOO_LITTLE'],
    ['another unit', [receive(10), hold('a', 4, 'USD')], 'OTHER_UNIT'],
    ['a receipt in another unit', [receive(10), receive(4, 'USD')], 'OTHER_UNIT'],
    ['a second hold of one name', [receive(10), hold('a', 4), hold('a', 1)], 'HELD'],
    ['spending what is not held', [receive(10), spend('a')], 'NOTHING'],
    ['spending a hold twice', [receive(10), hold('a', 4), spend('a'), spend('a')], 'NOTHING'],
  ] as const)('refuse %s', (_what, wishes, code) => {
    expect(given(...wishes).codes).toEqual([code]);
  });

  it('release what is left of a hold, which may be nothing', () => {
    const { state, changes, codes } = given(receive(10), hold('a', 4), release('a'), release('a'));
    expect(state).toEqual({ unit: 'EUR', received: 10, spent: 0, holds: {} });
    expect(changes.slice(2)).toMatchObject([
      { kind: 'released', amount: 4, unit: 'EUR' },
      { kind: 'released', amount: 0 },
    ]);
    expect(codes).toEqual([]);
    expect(given(release('a')).changes).toEqual([{ kind: 'released', hold: 'a', amount: 0, unit: null }]);
  });

  it('leave what was spent alone when its hold is undone afterwards', () => {
    const { state, changes } = given(receive(10), hold('a', 4), spend('a'));
    const undone = till.evolve(state, till.reverse(changes[1] ?? null));
    expect(undone).toEqual(state);
  });

  it('refuse a wish that is none, by throwing', () => {
    expect(() => till.decide(NO_HOLDINGS, { kind: 'steal', amount: 1 }, 'anna')).toThrow('kind');
    expect(() => till.decide(NO_HOLDINGS, receive(0), 'anna')).toThrow('amount');
    expect(() => till.decide(NO_HOLDINGS, receive(1.5), 'anna')).toThrow('amount');
  });

  const names = fc.constantFrom('a', 'b', 'c');
  const wishes = fc.array(
    fc.oneof(
      fc.integer({ min: 1, max: 50 }).map((amount) => receive(amount)),
      fc.tuple(names, fc.integer({ min: 1, max: 50 })).map(([name, amount]) => hold(name, amount)),
      names.map(release),
      names.map(spend),
    ),
    { maxLength: 30 },
  );

  it('never have less than nothing of anything, and lose nothing, whatever is wished', () => {
    fc.assert(
      fc.property(wishes, (all) => {
        const { state } = given(...all);
        expect(availableOf(state) + heldOf(state) + state.spent).toBe(state.received);
        expect(
          Math.min(availableOf(state), state.spent, ...Object.values(state.holds)),
        ).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('are as before when the last change is taken back', () => {
    fc.assert(
      fc.property(wishes, (all) => {
        const before = given(...all.slice(0, -1));
        const { state, changes } = given(...all);
        const last = changes.length > before.changes.length ? changes.at(-1) : undefined;
        fc.pre(last !== undefined && before.state.unit !== null);
        expect(till.evolve(state, till.reverse(last ?? null))).toEqual(before.state);
      }),
    );
  });

  it.each([
    { what: 'a hold', before: [receive(10)], wish: hold('a', 4), seen: [6, 4] },
    { what: 'a release', before: [receive(10), hold('a', 4)], wish: release('a'), seen: [6, 0] },
    { what: 'a spending', before: [receive(10), hold('a', 4)], wish: spend('a'), seen: [6, 0] },
    { what: 'a receipt', before: [receive(10)], wish: receive(5), seen: [10, 0] },
  ])('show $what that a transaction holds as taken, and not as given', ({ before, wish, seen }) => {
    const { state } = given(...before);
    const verdict = till.decide(state, wish, 'anna');
    const visible = till.reserve?.(state, 'change' in verdict ? verdict.change : null) ?? NO_HOLDINGS;
    expect([availableOf(visible), heldBy(visible, 'a')]).toEqual(seen);
  });

  it('open with a row that a fold reads', () => {
    const row = openingRow({ type: 'till', id: 'anna' }, { amount: 7, unit: 'EUR' }, 5);
    expect(row).toMatchObject({ stream: 'till/anna', seq: 1, at: 5, operations: [OPENING] });
    const { changes } = JSON.parse(row.body) as { readonly changes: Readonly<Record<string, JsonValue>> };
    expect(till.evolve(NO_HOLDINGS, changes[OPENING] ?? null)).toMatchObject({ received: 7, unit: 'EUR' });
  });
});
