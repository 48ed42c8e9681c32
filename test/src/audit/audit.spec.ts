import { openingRow } from '@aura/workflow';
import {
  codes,
  AT,
  STEP,
  OP,
  claim,
  ended,
  refused,
  fence,
  answer,
  vote,
  received,
  change,
  gone,
  prepared,
  saga,
  end,
  till,
  WrittenJournals,
} from './written-journals';
import type { House } from './written-journals';

describe('an audit', () => {
  let journals: WrittenJournals;
  beforeEach(async () => (journals = await WrittenJournals.open()));
  afterEach(() => journals.close());

  it('of nothing finds nothing', async () => {
    expect(await journals.audited()).toEqual({
      sums: [],
      counts: [],
      steps: 0,
      sagas: { open: 0, ended: 0 },
      transactions: { committed: 0, aborted: 0, open: 0 },
      byHand: [],
      discrepancies: [],
    });
  });

  it('adds up what is there, and passes over what is no resource', async () => {
    await journals.write({
      bank: {
        ...till(change(OP, 'held', 30), change(`${OP}/reverse`, 'released', 30)),
        'till/ben': [received(50), change('step/t/1/pay/0', 'held', 20)],
        [STEP]: [claim(), ended, fence, answer],
        'step/t/1/pay': [claim('till/ben'), ended],
        'profile/anna': [[['e1'], { type: 'profiled' }]],
        'list/x': [[[], [1, 2]]],
      },
      shop: {
        'shelf/a': [[['step/t/1/put/0'], { changes: { 'step/t/1/put/0': 'here' } }]],
        'step/t/1/put': [claim('shelf/a'), ended],
      },
      coordinator: {
        'saga/s': saga({ kind: 'givenUp' }, end('compensated')),
        'saga/t': saga(end('completed')),
      },
    });
    expect(await journals.audited()).toEqual({
      sums: [
        {
          participant: 'bank',
          type: 'till',
          unit: 'EUR',
          resources: 2,
          received: 150,
          available: 130,
          prepared: 0,
          held: 20,
          spent: 0,
        },
      ],
      counts: [{ participant: 'shop', type: 'shelf', resources: 1, standing: 1, changes: 1 }],
      steps: 3,
      sagas: { open: 0, ended: 2 },
      transactions: { committed: 0, aborted: 0, open: 0 },
      byHand: [],
      discrepancies: [],
    });
  });

  it('reads an opening as the row that opens a journal', async () => {
    await journals.embedded
      .journal('bank')
      .append([openingRow({ type: 'till', id: 'anna' }, { amount: 7, unit: 'EUR' }, AT)]);
    expect(await journals.audited()).toMatchObject({
      sums: [{ received: 7, available: 7 }],
      discrepancies: [],
    });
  });

  const open = { 'saga/s': saga() };
  const completed = { 'saga/s': saga(end('completed')) };
  const undone = { 'saga/s': saga({ kind: 'givenUp' }, end('compensated')) };

  it.each<readonly [string, House[string], House[string]]>([
    ['has a claim', { ...till(change(OP, 'held', 5)), [STEP]: [claim()] }, open],
    ['is on its way back', { ...till(change(OP, 'held', 5)), [STEP]: [claim(), ended, fence] }, open],
    [
      'is refused, and not taken back yet',
      { ...till(change(OP, 'held', 5)), [STEP]: [claim(), refused] },
      open,
    ],
  ])('has no objection to a step that %s while its saga is open', async (_what, bank, coordinator) => {
    await journals.write({ bank, coordinator });
    expect(codes(await journals.audited())).toEqual([]);
  });

  const held = change(OP, 'held', 5);
  const back = change(`${OP}/reverse`, 'released', 5);

  it.each<readonly [string, string, House[string], House[string]]>([
    [
      'MISSING_EFFECT',
      'an ended step without its effect',
      { ...till(), [STEP]: [claim(), ended] },
      completed,
    ],
    [
      'MISSING_EFFECT',
      'an ended step whose effect is gone',
      { ...till(held, back), [STEP]: [claim(), ended] },
      completed,
    ],
    ['LEFT_OVER', 'an effect of a refused step', { ...till(held), [STEP]: [claim(), refused] }, completed],
    [
      'LEFT_OVER',
      'an effect of an undone step',
      { ...till(held), [STEP]: [claim(), ended, fence, answer] },
      open,
    ],
    ['NOT_UNDONE', 'an effect of an undone saga', { ...till(held), [STEP]: [claim(), ended] }, undone],
    ['UNCLAIMED_EFFECT', 'an effect without a claim', till(held), open],
    [
      'UNKNOWN_SAGA',
      'an effect of a saga that nobody knows',
      { ...till(held), [STEP]: [claim(), ended] },
      {},
    ],
    [
      'OPERATION_TWICE',
      'an operation that stands twice',
      { ...till(held, back, back), [STEP]: [claim(), ended, fence, answer] },
      undone,
    ],
    [
      'APPLIED_BEHIND_UNDO',
      'an effect behind its undo',
      { ...till(gone(OP), held), [STEP]: [claim(), ended] },
      open,
    ],
    [
      'UNDONE_WITHOUT_EFFECT',
      'an undo of nothing',
      { ...till(back), [STEP]: [claim(), fence, answer] },
      undone,
    ],
    [
      'UNDO_WITHOUT_CHANGE',
      'an undo that gives nothing back',
      { ...till(held, gone(`${OP}/reverse`)), [STEP]: [claim(), ended, fence, answer] },
      undone,
    ],
    [
      'UNDO_DIFFERS',
      'an undo that gives less back',
      { ...till(held, change(`${OP}/reverse`, 'released', 4)), [STEP]: [claim(), ended, fence, answer] },
      undone,
    ],
    [
      'NOT_CONSERVED',
      'more held than is there',
      { ...till(change(OP, 'held', 101)), [STEP]: [claim(), ended] },
      completed,
    ],
    [
      'NOT_CONSERVED',
      'another unit',
      { ...till(change(OP, 'held', 5, 'USD')), [STEP]: [claim(), ended] },
      completed,
    ],
    [
      'UNNAMED_CHANGE',
      'a change that its row does not name',
      {
        ...till(held, [[], { changes: { x: { kind: 'held', hold: 's', amount: 1, unit: 'EUR' } } }]),
        [STEP]: [claim(), ended],
      },
      completed,
    ],
    [
      'OPENING_LATE',
      'an opening behind the first row',
      { 'till/anna': [held, received(100)], [STEP]: [claim(), ended] },
      completed,
    ],
    [
      'NOT_CONSERVED',
      'more promised than is there',
      { ...till(prepared('step/s/1/pay/1/a/0', 101)), 'step/s/1/pay/1/a': [claim(), vote('yes')] },
      open,
    ],
  ])('finds %s: %s', async (code, _what, bank, coordinator) => {
    await journals.write({ bank, coordinator });
    const found = await journals.audited();
    expect(codes(found)).toContain(code);
    expect(found.discrepancies[0]).toMatchObject({
      participant: 'bank',
      message: expect.stringMatching(/\w/),
    });
  });

  it.each(['begun', 'reversing', 'prepared'])(
    'finds a step that is still %s when its saga has ended',
    async (phase) => {
      const rows = { begun: [claim()], reversing: [claim(), ended, fence], prepared: [claim(), vote('yes')] };
      await journals.write({
        bank: { ...till(), [STEP]: rows[phase as keyof typeof rows] },
        coordinator: undone,
      });
      expect(codes(await journals.audited())).toContain(phase === 'prepared' ? 'IN_DOUBT' : 'UNFINISHED');
    },
  );

  it('finds an effect whose undo was answered as done', async () => {
    const told = { kind: 'undoAnswered', step: 'pay', run: 1, answer: 'undone', by: 'participant' };
    await journals.write({
      bank: { ...till(held), [STEP]: [claim(), ended] },
      coordinator: { 'saga/s': saga({ kind: 'rerunAsked' }, told, { kind: 'runBegan' }, end('completed')) },
    });
    expect(codes(await journals.audited())).toEqual(['NOT_UNDONE']);
  });

  it('lets stand what a person left, and says so', async () => {
    const left = { kind: 'mended', command: 'skip', steps: ['pay'] };
    await journals.write({
      bank: { ...till(held), [STEP]: [claim(), ended] },
      coordinator: { 'saga/s': saga({ kind: 'givenUp' }, left, end('compensated')) },
    });
    expect(await journals.audited()).toMatchObject({ byHand: [STEP], discrepancies: [] });
  });
});
