import { transactionAcknowledged, transactionVoted } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { Journal, JournalRow, StepKey } from '@aura/kernel';
import { range } from '@aura/kernel/testing';
import { someEvent } from '@aura/messaging/testing';
import type { Barrier, RecordedEnd, ResourceClaim } from '@aura/workflow';
import { Ground } from '../ground/ground';
import { FaultyJournal } from './faulty-journal';
import { InterruptedJournal } from './interrupted-journal';
import { barrierOver, bookOf, pay, take } from './payment';
import { RefusingJournal } from './refusing-journal';

type Preparation = Parameters<Barrier['branches']['prepare']>[0];
type Prepared = Awaited<ReturnType<Barrier['branches']['prepare']>>;

const keyOf = (saga: string): StepKey => ({ saga, run: 1, step: 'all/1/goods' });

function preparation(saga: string, from: readonly ResourceClaim[], mark: string): Preparation {
  return {
    key: keyOf(saga),
    transaction: `${saga}/1/all/1`,
    isLastTry: true,
    presumedAs: mark,
    claim: () => Promise.resolve({ input: {}, resources: from }),
    outcome: (_claim, changes) => ({ output: changes.map(({ change }) => change), events: [] }),
    voted: ({ vote, outcome }) =>
      someEvent(`voted ${saga} ${mark}`, {
        type: transactionVoted.type,
        data: { vote, output: outcome?.output ?? null },
      }),
    messages: () => [],
    beforeVote: () => Promise.resolve(),
  };
}

describe('a branch', () => {
  let ground: Ground;
  let journal: Journal;
  beforeEach(async () => {
    ground = await Ground.open();
    journal = ground.embedded.journal('bank');
  });
  afterEach(() => ground.close());

  let marks = 0;
  const barrier = (over: Journal = journal): Barrier => barrierOver(over, ground.world.clock);
  const prepare = (one: Barrier, saga = 's', from = [take('anna', 30)]): Promise<Prepared> =>
    one.branches.prepare(preparation(saga, from, `mark ${(marks += 1)}`));
  const commit = (one: Barrier, saga = 's'): Promise<RecordedEnd> =>
    one.branches.commit(keyOf(saga), {
      ack: (output) => someEvent(`ack ${saga}`, { type: transactionAcknowledged.type, data: output ?? null }),
      messages: () => [],
    });
  const abort = (one: Barrier): Promise<CloudEvent> =>
    one.branches.abort({ key: keyOf('s'), answer: (effect) => someEvent(`aborted ${effect}`) });
  const operations = async (saga = 's'): Promise<readonly string[]> =>
    (await journal.read(stepStream(keyOf(saga)))).flatMap((row) => row.operations);
  const YES = { kind: 'voted', vote: 'yes' };

  it('of one thing claims, holds and votes in one call, and applies and ends in another one', async () => {
    const watched = new InterruptedJournal(journal, 0, () => Promise.resolve());
    const one = barrier(watched);
    expect(await prepare(one)).toMatchObject(YES);
    expect((await commit(one)).events).toMatchObject([{ data: [30] }]);
    expect(watched.calls).toEqual([3, 2]);
    expect(watched.appends).toBe(5);
    expect((await bookOf(journal, 'anna')).balance).toBe(70);
  });

  it('of several things claims with the first, votes with the last, and ends with what it applies last', async () => {
    const watched = new InterruptedJournal(journal, 0, () => Promise.resolve());
    const one = barrier(watched);
    const wanted = [take('anna', 30), take('ben', 20), take('cleo', 10)];
    expect(await prepare(one, 's', wanted)).toMatchObject(YES);
    expect((await commit(one)).events).toMatchObject([{ data: [30, 20, 10] }]);
    expect(watched.calls).toEqual([2, 2, 2]);
    expect(watched.appends).toBe(9);
  });

  it.each(range(9).flatMap((n) => (['before', 'behind'] as const).map((when) => ({ append: n + 1, when }))))(
    'of several things goes on where a process died $when row $append',
    async (death) => {
      const wanted = [take('anna', 30), take('ben', 20), take('cleo', 10)];
      const dying = barrier(new FaultyJournal(journal, death));
      await expect(prepare(dying, 's', wanted).then(() => commit(dying))).rejects.toThrow('dead');
      const one = barrier();
      await prepare(one, 's', wanted);
      expect((await commit(one)).events).toMatchObject([{ data: [30, 20, 10] }]);
      expect(await operations()).toEqual(['claim', 'vote', 'end']);
      const books = await Promise.all(['anna', 'ben', 'cleo'].map((id) => bookOf(journal, id)));
      expect(books.map(({ balance }) => balance)).toEqual([70, 80, 90]);
    },
  );

  it.each(range(5).flatMap((n) => (['before', 'behind'] as const).map((when) => ({ append: n + 1, when }))))(
    'goes on where a process died $when row $append',
    async (death) => {
      const dying = barrier(new FaultyJournal(journal, death));
      await expect(prepare(dying).then(() => commit(dying))).rejects.toThrow('dead');
      const one = barrier();
      const hasEnded = death.append === 5 && death.when === 'behind';
      expect(await prepare(one)).toMatchObject(hasEnded ? { kind: 'applied' } : YES);
      const end = await commit(one);
      expect(end.events).toMatchObject([{ data: [30] }]);
      expect(await operations()).toEqual(['claim', 'vote', 'end']);
      const book = await bookOf(journal, 'anna');
      expect(book.balance).toBe(70);
      expect(new Set(book.operations).size).toBe(book.operations.length);
    },
  );

  it.each([0, 1, 2])('holds nothing that is aborted elsewhere behind its row %i', async (behind) => {
    const watched = new InterruptedJournal(journal, behind, () => abort(barrier()));
    const one = barrier(watched);
    expect(await prepare(one)).toMatchObject({ kind: 'fenced' });
    expect(await operations()).not.toContain('vote');
    await expect(commit(one)).rejects.toMatchObject({ code: 'NOT_PREPARED' });
    expect((await bookOf(journal, 'anna')).balance).toBe(100);
    // Whole again: somebody else can have all of it.
    expect(await prepare(barrier(), 't', [take('anna', 100)])).toMatchObject(YES);
  });

  it('decides anew on what somebody else has taken meanwhile', async () => {
    const paying = (): Promise<unknown> => pay(barrier(), { from: [take('anna', 80)] });
    const one = barrier(new InterruptedJournal(journal, 1, paying));
    expect(await prepare(one)).toMatchObject({ kind: 'voted', vote: 'no' });
    expect(await operations()).toEqual(['claim', 'vote']);
    expect((await bookOf(journal, 'anna')).balance).toBe(20);
  });

  it('leaves to another delivery what that has claimed meanwhile', async () => {
    const other = barrier();
    const one = barrier(new InterruptedJournal(journal, 0, () => prepare(other, 's', [take('ben', 50)])));
    expect(await prepare(one)).toMatchObject({ ...YES, event: { data: { output: [50] } } });
    expect((await bookOf(journal, 'anna')).rows).toBe(0);
    expect((await commit(one)).events).toMatchObject([{ data: [50] }]);
    expect((await bookOf(journal, 'ben')).balance).toBe(50);
  });

  it('whose claim cannot be appended fails alone among those that want the same', async () => {
    const tooLarge = (rows: readonly JournalRow[]): boolean =>
      rows.some(({ stream }) => stream.includes('/s3/'));
    const refusing = new RefusingJournal(journal, tooLarge);
    const one = barrier(refusing);
    const votes = await Promise.allSettled(range(6).map((n) => prepare(one, `s${n}`, [take('anna', 3)])));
    expect(votes.map(({ status }) => status)).toEqual(
      range(6).map((n) => (n === 3 ? 'rejected' : 'fulfilled')),
    );
    expect(votes[3]).toMatchObject({ reason: { code: 'PAYLOAD_TOO_LARGE' } });
  });

  it.each(range(4).flatMap((n) => (['before', 'behind'] as const).map((when) => ({ append: n + 4, when }))))(
    'that shares a row goes on where the process died $when append $append',
    async (death) => {
      const dying = barrier(new FaultyJournal(journal, death));
      const sagas = ['s0', 's1', 's2'];
      await Promise.allSettled(sagas.map((saga) => prepare(dying, saga, [take('anna', 3)])));
      const one = barrier();
      const votes = await Promise.all(sagas.map((saga) => prepare(one, saga, [take('anna', 3)])));
      const willing = sagas.filter((_saga, n) => votes[n]?.kind === 'voted' && votes[n].vote === 'yes');
      expect(willing).toHaveLength(1);
      for (const saga of willing) await commit(one, saga);
      expect((await bookOf(journal, 'anna')).balance).toBe(97);
      for (const saga of sagas) expect((await operations(saga)).slice(0, 2)).toEqual(['claim', 'vote']);
    },
  );

  it('of many that want the same at once is the only one that holds it, and the others say no', async () => {
    const one = barrier();
    const sagas = range(40).map((n) => `s${n}`);
    const votes = await Promise.all(sagas.map((saga) => prepare(one, saga, [take('anna', 3)])));
    const willing = sagas.filter((_saga, n) => votes[n]?.kind === 'voted' && votes[n].vote === 'yes');
    expect(willing).toHaveLength(1);
    for (const saga of sagas) expect(await operations(saga)).toEqual(['claim', 'vote']);
    for (const saga of willing) await commit(one, saga);
    expect((await bookOf(journal, 'anna')).balance).toBe(97);
  });
});
