import { outfit } from '@aura/combination-engine';
import { stock } from '@aura/recommendation-engine';
import { account } from '@aura/style-profile';
import { play } from '@aura/testing';
import type { Given, Outcome, When } from '@aura/testing';
import { heldOf } from '@aura/workflow';
import { fund, takeIn, Wardrobe } from './wardrobe';

const FAVOURITE = ['top-02', 'bot-03', 'sho-05'];
const ALTERNATIVE = ['top-06', 'bot-09', 'sho-03'];
const PIECES = [...FAVOURITE, ...ALTERNATIVE];

const oneOf = (...pieces: readonly string[]): When => takeIn(...pieces.map((id) => [id, 1] as const));
const EITHER: When = {
  workflow: 'reserve_either_look',
  input: { userId: 'ada', favourite: [...FAVOURITE], alternative: [...ALTERNATIVE] },
};

describe('either of two looks', () => {
  let wardrobe: Wardrobe;

  beforeAll(async () => {
    wardrobe = await Wardrobe.open();
  });
  afterAll(() => wardrobe.close());

  const given = (...sagas: readonly When[]): Given =>
    wardrobe.given(['reserve_look', 'reserve_either_look'], sagas);
  const outfitOf = (pieces: readonly string[]): string => [...pieces].sort().join('+');

  /** Pieces that are held, and outfits that are saved. */
  function held({ resource }: Outcome): readonly string[] {
    const saved = [FAVOURITE, ALTERNATIVE].map(
      (pieces) => resource(outfit, `ada/${outfitOf(pieces)}`)?.outfitId,
    );
    return [...PIECES.filter((id) => heldOf(resource(stock, id)) === 1), ...saved.flatMap((id) => id ?? [])];
  }

  it('is the favourite where it is to be had', async () => {
    const outcome = await play(given(fund(100_000), oneOf(...PIECES)), EITHER);
    expect(outcome.saga).toMatchObject({
      status: 'completed',
      output: { favourite: { outfitId: outfitOf(FAVOURITE) } },
      steps: [{ status: 'completed' }, { status: 'skipped' }],
    });
    expect(held(outcome)).toEqual([...FAVOURITE, outfitOf(FAVOURITE)]);
    expect(await outcome.audit()).toMatchObject({ discrepancies: [], transactions: { committed: 1 } });
  });

  it('is the alternative where a piece of the favourite is gone, and nothing of the favourite is held', async () => {
    const outcome = await play(given(fund(100_000), oneOf('top-02', 'bot-03', ...ALTERNATIVE)), EITHER);
    expect(outcome.saga).toMatchObject({
      status: 'completed',
      output: { favourite: {}, alternative: { outfitId: outfitOf(ALTERNATIVE), totalCents: 26_200 } },
      steps: [
        { status: 'continued', error: { code: 'SUB_SAGA_FAILED' } },
        { status: 'completed', subSagas: [expect.any(String)] },
      ],
    });
    expect(held(outcome)).toEqual([...ALTERNATIVE, outfitOf(ALTERNATIVE)]);
    expect(heldOf(outcome.resource(account, 'ada'))).toBe(26_200);
    expect(await outcome.audit()).toMatchObject({
      discrepancies: [],
      transactions: { open: 0, aborted: 1, committed: 1 },
    });
  });

  it('is neither where money is wanting for both, and the saga says why', async () => {
    const outcome = await play(given(fund(100), oneOf(...PIECES)), EITHER);
    expect(outcome.saga).toMatchObject({ status: 'failed', failedStep: 'alternative' });
    expect(outcome.saga.error?.message).toContain('262.00 EUR are wanted of the account of ada');
    expect(held(outcome)).toEqual([]);
    expect(await outcome.audit()).toMatchObject({ discrepancies: [], transactions: { committed: 0 } });
  });
});
