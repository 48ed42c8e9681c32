import { CATALOGUE, outfit } from '@aura/combination-engine';
import type { JsonValue } from '@aura/contracts';
import { OPENING_ITEMS, stock } from '@aura/recommendation-engine';
import { account } from '@aura/style-profile';
import { play, rehearse } from '@aura/testing';
import type { Given, Outcome, When } from '@aura/testing';
import { availableOf, heldOf } from '@aura/workflow';
import { fund, takeIn, Wardrobe } from './wardrobe';

const LOOK = ['top-06', 'bot-09', 'sho-03'];
const OUTFIT = 'bot-09+sho-03+top-06';
/** 79.00 and 64.00 and 119.00 EUR. */
const PRICE = 26_200;

const RELEASE: When = { workflow: 'release_look', input: { userId: 'ada', outfitId: OUTFIT } };

describe.each(['reserve_look', 'reserve_look_in_sequence'])('a look that is reserved by %s', (workflow) => {
  const reserve = (pieces: readonly string[] = LOOK): When => ({
    workflow,
    input: { userId: 'ada', pieces: [...pieces] },
  });

  let wardrobe: Wardrobe;

  beforeAll(async () => {
    wardrobe = await Wardrobe.open();
  });
  afterAll(() => wardrobe.close());

  const given = (...sagas: readonly When[]): Given => wardrobe.given(['release_look', workflow], sagas);

  function standing({ resource }: Outcome): JsonValue {
    const { received, spent, ...rest } = resource(account, 'ada');
    return {
      money: [
        received,
        availableOf({ received, spent, ...rest }),
        heldOf({ received, spent, ...rest }),
        spent,
      ],
      pieces: LOOK.map((id) => [availableOf(resource(stock, id)), heldOf(resource(stock, id))]),
      outfit: resource(outfit, `ada/${OUTFIT}`)?.outfitId ?? null,
    };
  }
  const nothingHeld = (money: number, pieces: readonly number[]): JsonValue => ({
    money: [money, money, 0, 0],
    pieces: pieces.map((units) => [units, 0]),
    outfit: null,
  });

  const funded = [fund(50_000), takeIn(['top-06', 2], ['bot-09', 1], ['sho-03', 1])];

  it('holds the price, a piece of each, and is saved', async () => {
    const outcome = await play(given(...funded), reserve());
    expect(outcome.saga).toMatchObject({
      status: 'completed',
      output: { outfitId: OUTFIT, totalCents: PRICE, reservation: outcome.saga.sagaId },
    });
    expect(standing(outcome)).toEqual({
      money: [50_000, 50_000 - PRICE, PRICE, 0],
      pieces: [
        [1, 1],
        [0, 1],
        [0, 1],
      ],
      outfit: OUTFIT,
    });
    expect(await outcome.audit()).toMatchObject({
      sums: [
        {
          participant: 'recommendation-engine',
          type: 'stock',
          resources: 3,
          received: 4,
          available: 1,
          held: 3,
        },
        {
          participant: 'style-profile',
          type: 'account',
          unit: 'EUR',
          received: 50_000,
          held: PRICE,
          spent: 0,
        },
      ],
      counts: [{ participant: 'combination-engine', type: 'outfit', resources: 1, standing: 1 }],
      sagas: { open: 0, ended: 3 },
      transactions: { open: 0, aborted: 0, committed: workflow === 'reserve_look' ? 1 : 0 },
      discrepancies: [],
    });
  });

  it.each([
    {
      why: 'too little money',
      sagas: [fund(20_000), takeIn(['top-06', 2], ['bot-09', 1], ['sho-03', 1])],
      code: 'BUDGET_TOO_SMALL',
      message: '262.00 EUR are wanted of the account of ada, which has 200.00 EUR free and 0.00 EUR held',
      left: nothingHeld(20_000, [2, 1, 1]),
    },
    {
      why: 'a piece that is not there',
      sagas: [fund(50_000), takeIn(['top-06', 2], ['bot-09', 1])],
      code: 'OUT_OF_STOCK',
      message: '1 of sho-03 are wanted, of which none ever came in',
      left: nothingHeld(50_000, [2, 1, 0]),
    },
    {
      why: 'an account in another currency',
      sagas: [fund(50_000, 'USD'), takeIn(['top-06', 2], ['bot-09', 1], ['sho-03', 1])],
      code: 'CURRENCY_MISMATCH',
      message: 'the account of ada is in USD, not in EUR',
      left: nothingHeld(50_000, [2, 1, 1]),
    },
  ])('is refused for $why, and nothing stays held', async ({ sagas, code, message, left }) => {
    const outcome = await play(given(...sagas), reserve());
    expect(outcome.saga.error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(['failed', 'compensated']).toContain(outcome.saga.status);
    expect(standing(outcome)).toEqual(left);
  });

  it('cannot be reserved a second time while it is kept, and the first stays as it is', async () => {
    const plenty = [fund(100_000), takeIn(['top-06', 2], ['bot-09', 2], ['sho-03', 2])];
    const outcome = await play(given(...plenty, reserve()), reserve());
    expect(outcome.saga.error).toMatchObject({ code: 'ALREADY_SAVED' });
    expect(standing(outcome)).toMatchObject({ money: [100_000, 100_000 - PRICE, PRICE, 0], outfit: OUTFIT });
  });

  it.each([
    [['top-06', 'hat-99'], 'UNKNOWN_PIECE', 'the catalogue has no hat-99'],
    [['top-06', 'top-06'], 'PIECE_TWICE', 'top-06 is named twice in one look'],
  ])('of %j is refused before anything is held', async (pieces, code, message) => {
    const outcome = await play(given(...funded), reserve(pieces));
    expect(outcome.saga).toMatchObject({ status: 'failed', error: { code, message } });
    expect(standing(outcome)).toEqual(nothingHeld(50_000, [2, 1, 1]));
  });

  it('is held once, however often a message comes', async () => {
    await rehearse({
      given: given(...funded),
      when: reserve(),
      modes: ['redelivered'],
      then: async (outcome) => {
        expect(outcome.saga.status).toBe('completed');
        expect(standing(outcome)).toMatchObject({ money: [50_000, 50_000 - PRICE, PRICE, 0] });
        expect((await outcome.audit()).discrepancies).toEqual([]);
      },
    });
  });

  it('gives all back when its last piece is not there, wherever a process dies', async () => {
    await rehearse({
      given: given(fund(50_000), takeIn(['top-06', 2], ['bot-09', 1])),
      when: reserve(),
      then: async (outcome) => {
        expect(outcome.saga.error).toMatchObject({ code: 'OUT_OF_STOCK' });
        expect(standing(outcome)).toEqual(nothingHeld(50_000, [2, 1, 0]));
        expect((await outcome.audit()).discrepancies).toEqual([]);
      },
    });
  }, 120_000);

  it('is given up whole: the outfit is gone, money and pieces are free', async () => {
    const outcome = await play(given(...funded, reserve()), RELEASE);
    expect(outcome.saga).toMatchObject({
      status: 'completed',
      output: { outfitId: OUTFIT, budget: { amountCents: PRICE, currency: 'EUR' } },
    });
    expect(standing(outcome)).toEqual(nothingHeld(50_000, [2, 1, 1]));
    expect(await outcome.audit()).toMatchObject({ discrepancies: [], sagas: { open: 0, ended: 4 } });
  });

  it('can be reserved again when it was given up', async () => {
    const outcome = await play(given(...funded, reserve(), RELEASE), reserve());
    expect(outcome.saga.status).toBe('completed');
    expect(standing(outcome)).toMatchObject({ money: [50_000, 50_000 - PRICE, PRICE, 0], outfit: OUTFIT });
    expect((await outcome.audit()).discrepancies).toEqual([]);
  });

  it('cannot be given up when it is not there, and nothing changes', async () => {
    const outcome = await play(given(...funded), RELEASE);
    expect(outcome.saga).toMatchObject({
      status: 'failed',
      error: { code: 'NOT_SAVED', message: `ada keeps no outfit ${OUTFIT}` },
    });
    expect(standing(outcome)).toEqual(nothingHeld(50_000, [2, 1, 1]));
  });

  it('has every piece of the catalogue in the opening stock', () => {
    expect(CATALOGUE.map(({ id }) => id).sort()).toEqual([...OPENING_ITEMS].sort());
  });
});
