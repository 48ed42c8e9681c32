import type { JsonValue } from '@aura/contracts';
import {
  codes,
  claim,
  ended,
  fence,
  answer,
  vote,
  received,
  change,
  gone,
  prepared,
  saga,
  end,
  WrittenJournals,
} from './written-journals';
import type { House, Row } from './written-journals';

const open = { 'saga/s': saga() };
const completed = { 'saga/s': saga(end('completed')) };
const decided = (...kinds: readonly JsonValue[]): House[string] => ({
  'tx/s/1/pay/1': [
    [[], [{ kind: 'opened' }]],
    [[], kinds],
  ],
});
const COMMITTED = decided({ kind: 'committed' });
const ABORTED = decided({ kind: 'aborted' });
const undone = { 'saga/s': saga({ kind: 'givenUp' }, end('compensated')) };

describe('an audit of a transaction', () => {
  let journals: WrittenJournals;
  beforeEach(async () => (journals = await WrittenJournals.open()));
  afterEach(() => journals.close());

  const BRANCH = (name: string): string => `step/s/1/pay/1/${name}`;
  const at = (name: string, rows: readonly Row[], ...effects: readonly Row[]): House[string] => ({
    [`till/${name}`]: [received(100), ...effects],
    [BRANCH(name)]: rows.length === 0 ? [] : [claim(`till/${name}`), ...rows],
  });
  const reserved = (name: string): Row => prepared(`${BRANCH(name)}/0`, 5);
  const applied = (name: string): Row => change(`${BRANCH(name)}/0`, 'held', 5);
  const released = (name: string): Row => gone(`${BRANCH(name)}/0/reverse`);
  const taken = (name: string): Row => change(`${BRANCH(name)}/0/reverse`, 'released', 5);

  it('shows what is promised while it is not decided', async () => {
    await journals.write({
      bank: at('anna', [vote('yes')], reserved('anna')),
      shop: at('ben', [vote('yes')], reserved('ben')),
      coordinator: open,
    });
    expect(await journals.audited()).toMatchObject({
      sums: [
        { participant: 'bank', available: 95, prepared: 5, held: 0 },
        { participant: 'shop', available: 95, prepared: 5, held: 0 },
      ],
      transactions: { open: 1, committed: 0, aborted: 0 },
      discrepancies: [],
    });
  });

  it('counts the committed and the aborted', async () => {
    await journals.write({
      bank: at('anna', [vote('yes'), ended], reserved('anna'), applied('anna')),
      shop: at('ben', [vote('yes'), ended], reserved('ben'), applied('ben')),
      coordinator: { ...completed, ...COMMITTED },
    });
    expect(await journals.audited()).toMatchObject({ transactions: { committed: 1 }, discrepancies: [] });
  });

  it('has no objection to one that is aborted everywhere', async () => {
    await journals.write({
      bank: at('anna', [vote('yes'), fence, answer], reserved('anna'), released('anna')),
      shop: at('ben', [vote('no'), fence, answer]),
      coordinator: { ...undone, ...ABORTED },
    });
    expect(await journals.audited()).toMatchObject({
      sums: [{ available: 100 }, { available: 100 }],
      transactions: { aborted: 1 },
      discrepancies: [],
    });
  });

  it.each<readonly [string, readonly Row[], readonly Row[], House[string]]>([
    ['stands here and is refused there', [vote('no')], [], open],
    [
      'stands here and is undone there',
      [vote('yes'), fence, answer],
      [reserved('ben'), released('ben')],
      completed,
    ],
    ['stands here and is in doubt there', [vote('yes')], [reserved('ben')], completed],
    [
      'stands here and was undone there alone',
      [vote('yes'), ended, fence, answer],
      [reserved('ben'), applied('ben'), taken('ben')],
      completed,
    ],
  ])('finds one that %s', async (_what, rows, effects, coordinator) => {
    await journals.write({
      bank: at('anna', [vote('yes'), ended], reserved('anna'), applied('anna')),
      shop: at('ben', rows, ...effects),
      coordinator: { ...coordinator, ...COMMITTED },
    });
    const { discrepancies } = await journals.audited();
    const half = discrepancies.find(({ code }) => code === 'HALF_COMMITTED');
    expect(half).toMatchObject({ participant: 'shop', stream: BRANCH('ben') });
    expect(half?.message).toContain('transaction s/1/pay/1 stands at bank');
  });

  it('finds one that is committed as another change than was prepared', async () => {
    await journals.write({
      bank: at('anna', [vote('yes'), ended], reserved('anna'), change(`${BRANCH('anna')}/0`, 'held', 6)),
      coordinator: { ...completed, ...COMMITTED },
    });
    expect(codes(await journals.audited())).toEqual(['COMMIT_DIFFERS']);
  });

  it.each<readonly [string, House[string], readonly Row[], readonly Row[]]>([
    ['that was aborted', ABORTED, [vote('yes'), ended], [reserved('anna'), applied('anna')]],
    ['that nobody decided', {}, [vote('yes'), ended], [reserved('anna'), applied('anna')]],
  ])('finds a branch that stands of one %s', async (_what, decision, rows, effects) => {
    await journals.write({
      bank: at('anna', rows, ...effects),
      coordinator: { ...completed, ...decision },
    });
    expect(codes(await journals.audited())).toEqual(['DECISION_BROKEN']);
  });

  it('finds a branch that refuses what was committed', async () => {
    await journals.write({ bank: at('anna', [vote('no')]), coordinator: { ...open, ...COMMITTED } });
    expect(codes(await journals.audited())).toEqual(['DECISION_BROKEN']);
  });

  it('lets stand what a person decided, and says so', async () => {
    const settled = { kind: 'settled', branches: ['ben'], decision: 'aborted', note: 'by phone' };
    await journals.write({
      bank: at('anna', [vote('yes'), ended], reserved('anna'), applied('anna')),
      shop: at('ben', [vote('yes'), fence, answer], reserved('ben'), released('ben')),
      coordinator: { ...completed, ...decided({ kind: 'committed' }, settled) },
    });
    expect(await journals.audited()).toMatchObject({ byHand: [BRANCH('ben')], discrepancies: [] });
  });
});
