import { completed, failed, journalOf, SagaUnderTest, startedSaga, STORIES, testPlan } from '../testing';
import { entriesOf, foldRows, rowOf, startOf } from './row';

const place = { saga: 's1', seq: 2, at: 5, partition: 3 };
const plan = testPlan([{ id: 'a' }, { id: 'b', dependencies: ['a'] }]);

describe('a row of a saga', () => {
  const { entries } = new SagaUnderTest(plan).when([completed('a'), failed('b')]).last;

  it('gives its entries back as they were', () => {
    expect(entriesOf(rowOf(place, entries))).toEqual(entries);
  });

  it('keeps payloads apart from what the fold needs', () => {
    const row = rowOf(place, entries);
    expect(row).toMatchObject({
      stream: 'saga/s1',
      seq: 2,
      at: 5,
      partition: 3,
      payload: '{"0":{"by":"a"}}',
    });
    expect(row.body).not.toContain('"by":"a"');
    expect(rowOf(place, entries.slice(1))).not.toHaveProperty('payload');
  });

  it('folds to the same step states when its payload was erased', () => {
    const rows = journalOf(new SagaUnderTest(plan).when([completed('a')]).when([completed('b')]));
    const erased = rows.map(({ payload: _payload, ...row }) => row);
    const ends = (from: typeof rows) =>
      Object.entries(foldRows(plan, from).at(-1)?.steps ?? {}).map(([id, { end, event }]) => [
        id,
        end,
        event?.id,
      ]);
    expect(ends(erased)).toEqual(ends(rows));
    expect(foldRows(plan, erased).at(-1)?.status).toBe('completed');
  });

  it('has the operation of a start alone', () => {
    expect(
      journalOf(new SagaUnderTest(plan).when([completed('a')])).map(({ operations }) => operations),
    ).toEqual([['start'], []]);
  });
});

describe('the fold of a journal', () => {
  it.each(Object.entries(STORIES))('is the state that the turns came to: %s', (_name, story) => {
    const saga = story();
    expect(foldRows(saga.compiled, journalOf(saga)).at(-1)).toEqual(saga.state);
  });

  it('of nothing is nothing', () => {
    expect(foldRows(plan, [])).toEqual([]);
  });

  it('begins with who started it, for whom and by what', () => {
    const [row] = journalOf(new SagaUnderTest(plan, startedSaga(plan, { x: 1 })));
    if (row === undefined) throw new Error('no row');
    const more = {
      userId: 'ada',
      trigger: { source: '/shop', id: '1', type: 't' },
      traceparent: '00-1-2-01',
    };
    const told = { ...row, body: JSON.stringify(entriesOf(row).map(({ entry }) => ({ ...entry, ...more }))) };
    expect(foldRows(plan, [told])).toMatchObject([{ ...more, seq: 1, sequence: 1, status: 'running' }]);
    expect(startOf({ ...row, payload: '{}' }).input).toBeNull();
  });

  it('refuses a journal that does not begin with a start', () => {
    const row = rowOf(place, [{ entry: { kind: 'ended', status: 'completed' } }]);
    expect(() => startOf(row)).toThrow('the journal saga/s1 does not begin with a start');
  });
});
