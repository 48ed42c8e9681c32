import { transactionAcknowledged, transactionVoted } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { Journal, StepKey } from '@aura/kernel';
import { range } from '@aura/kernel/testing';
import { someEvent } from '@aura/messaging/testing';
import type { Barrier, RecordedEnd, ResourceClaim } from '@aura/workflow';
import { Ground } from '../ground/ground';
import { AskedJournal } from './asked-journal';
import { FaultyJournal } from './faulty-journal';
import { barrierOver, bookOf, passageOf, take } from './payment';

type Preparation = Parameters<Barrier['branches']['prepare']>[0];

interface Branch {
  readonly saga?: string;
  readonly from: readonly ResourceClaim[];
  readonly deciding?: () => void;
  /** What the vote says besides. */
  readonly text?: string;
}

const keyOf = ({ saga = 's' }: Pick<Branch, 'saga'>): StepKey => ({ saga, run: 1, step: 'all/1/goods' });

describe('a branch that is asked for the first time', () => {
  let ground: Ground;
  let journal: Journal;
  let marks = 0;
  beforeEach(async () => {
    ground = await Ground.open();
    journal = ground.embedded.journal('bank');
  });
  afterEach(() => ground.close());

  const barrier = (over: Journal = journal) => barrierOver(over, ground.world.clock);

  function preparation({ saga = 's', from, deciding, text = '' }: Branch): Preparation {
    marks += 1;
    const mark = marks;
    return {
      key: keyOf({ saga }),
      transaction: `${saga}/1/all/1`,
      isLastTry: true,
      presumedAs: `mark ${mark}`,
      claim: () => {
        deciding?.();
        return Promise.resolve({ input: {}, resources: from });
      },
      outcome: (_claim, changes) => ({
        output: { changes: changes.map(({ change }) => change), text },
        events: [],
      }),
      voted: ({ vote, outcome }) =>
        someEvent(`voted ${mark}`, {
          type: transactionVoted.type,
          data: { vote, output: outcome?.output ?? null },
        }),
      messages: () => [],
      beforeVote: () => Promise.resolve(),
    };
  }

  const prepare = (one: Barrier, branch: Branch) => one.branches.prepare(preparation(branch));

  /** Each acknowledgement is another event, so that the recorded one is known by it. */
  const commit = (one: Barrier, of: Pick<Branch, 'saga'> = {}): Promise<RecordedEnd> => {
    marks += 1;
    const id = `ack ${marks}`;
    return one.branches.commit(keyOf(of), {
      ack: (output) => someEvent(id, { type: transactionAcknowledged.type, data: output ?? null }),
      messages: () => [],
    });
  };

  const abort = (one: Barrier, of: Pick<Branch, 'saga'> = {}): Promise<CloudEvent> =>
    one.branches.abort({ key: keyOf(of), answer: (effect) => someEvent(`aborted ${effect}`) });

  const operations = async (of: Pick<Branch, 'saga'> = {}): Promise<readonly string[]> =>
    (await journal.read(stepStream(keyOf(of)))).flatMap((row) => row.operations);

  const YES = { kind: 'voted', vote: 'yes' };
  const coat: Branch = { from: [take('anna', 30)] };

  it('does not ask what stands of it, neither before it votes nor when it hears the decision', async () => {
    const watched = new AskedJournal(journal);
    const one = barrier(watched);
    expect(await prepare(one, coat)).toMatchObject(YES);
    expect((await commit(one)).events).toMatchObject([{ data: { changes: [30] } }]);
    expect(watched.asked).toBe(0);
    expect(await operations()).toEqual(['claim', 'vote', 'end']);
    expect((await bookOf(journal, 'anna')).balance).toBe(70);
  });

  it('gets the vote that stands, and leaves nothing of its own', async () => {
    const first = await prepare(barrier(), coat);
    const again = await prepare(barrier(), { from: [take('ben', 50)] });
    expect(again).toMatchObject({ ...YES, event: 'event' in first ? first.event : {} });
    expect((await bookOf(journal, 'ben')).rows).toBe(0);
    expect(await operations()).toEqual(['claim', 'vote']);
  });

  it('goes on from the claim that stands', async () => {
    const dying = new FaultyJournal(journal, { append: 2, when: 'before' });
    await expect(prepare(barrier(dying), coat)).rejects.toThrow('dead');
    const one = barrier();
    expect(await prepare(one, { from: [take('ben', 50)] })).toMatchObject(YES);
    await commit(one);
    expect((await bookOf(journal, 'anna')).balance).toBe(70);
    expect((await bookOf(journal, 'ben')).rows).toBe(0);
  });

  it('holds nothing behind a fence', async () => {
    await abort(barrier());
    expect(await prepare(barrier(), coat)).toMatchObject({ kind: 'fenced' });
    expect((await bookOf(journal, 'anna')).rows).toBe(0);
  });

  it('that cannot say what it wants gets what stands, and fails where nothing does', async () => {
    const broken: Branch = {
      from: [],
      deciding: () => {
        throw new RangeError('broken');
      },
    };
    await expect(prepare(barrier(), broken)).rejects.toThrow('broken');
    expect(await operations()).toEqual([]);
    await prepare(barrier(), coat);
    expect(await prepare(barrier(), broken)).toMatchObject(YES);
  });

  it('goes on from the claim that stands though its own code names what is not declared', async () => {
    const dying = new FaultyJournal(journal, { append: 2, when: 'before' });
    await expect(prepare(barrier(dying), coat)).rejects.toThrow('dead');
    const unknown: Branch = { from: [take('anna', 30, 'unknown')] };
    expect(await prepare(barrier(), unknown)).toMatchObject(YES);
    await expect(prepare(barrier(), { ...unknown, saga: 'other' })).rejects.toMatchObject({
      code: 'UNDECLARED_RESOURCE',
    });
  });

  it('is not taken for the writer of the same claim in the same millisecond, whose hold it has folded already', async () => {
    const watched = new AskedJournal(journal);
    const [one, other] = [barrier(), barrier(watched)];
    await prepare(one, coat);
    expect(await prepare(other, { ...coat, saga: 'know' })).toMatchObject({ vote: 'no' });
    const before = watched.appends;
    expect(await prepare(other, coat)).toMatchObject(YES);
    // Its claim, which finds no place: nothing is tried behind it.
    expect(watched.appends).toBe(before + 1);
    await commit(other);
    expect((await bookOf(journal, 'anna')).balance).toBe(70);
    const own = (await bookOf(journal, 'anna')).operations.filter((name) => name.startsWith('step/s/'));
    expect(own).toEqual(['step/s/1/all/1/goods/0/prepare', 'step/s/1/all/1/goods/0']);
  });

  it('races with the same claim in the same millisecond and holds once', async () => {
    for (const round of range(20)) {
      const branch = { ...coat, from: [take('anna', 3)], saga: `race_${round}` };
      const racing = [barrier(), barrier()];
      // One of them has loaded the account long ago, the other one loads it between.
      await racing[0]?.pass(passageOf({ from: [take('anna', 0)] }, { rows: [], asked: 0 }));
      const votes = await Promise.all(racing.map((one) => prepare(one, branch)));
      expect(new Set(votes.map((vote) => JSON.stringify(vote))).size).toBe(1);
      const ends = await Promise.all(racing.map((one) => commit(one, branch)));
      expect(ends[0]?.events).toEqual(ends[1]?.events);
      expect((await bookOf(journal, 'anna')).balance).toBe(100 - 3 * (round + 1));
    }
  });

  describe('and whose decision comes', () => {
    it('behind the end that another instance recorded, says that one', async () => {
      const one = barrier();
      await prepare(one, coat);
      const first = await commit(barrier());
      expect(await commit(one)).toEqual(first);
      expect((await bookOf(journal, 'anna')).balance).toBe(70);
    });

    it('behind an undo elsewhere, says how it had ended, and takes nothing again', async () => {
      const one = barrier();
      await prepare(one, coat);
      const first = await commit(barrier());
      await barrier().branches.undo({ key: keyOf({}), answer: (effect) => someEvent(effect) });
      expect((await commit(one)).events).toEqual(first.events);
      expect((await bookOf(journal, 'anna')).balance).toBe(100);
    });

    it('against an abort that was taken elsewhere, is refused and changes nothing', async () => {
      const one = barrier();
      await prepare(one, coat);
      await abort(barrier());
      await expect(commit(one)).rejects.toMatchObject({
        code: 'NOT_PREPARED',
        message: expect.stringContaining('it was aborted') as string,
      });
      expect((await bookOf(journal, 'anna')).balance).toBe(100);
    });

    it.each([
      { append: 4, when: 'before' },
      { append: 4, when: 'behind' },
      { append: 5, when: 'before' },
      { append: 5, when: 'behind' },
    ] as const)(
      'after a store went away in the middle of it, is asked for (append $append, $when)',
      async (death) => {
        const losing = new AskedJournal(journal, { ...death, isPassing: true });
        const one = barrier(losing);
        await prepare(one, coat);
        await expect(commit(one)).rejects.toThrow('dead');
        expect(losing.asked).toBe(0);
        expect((await commit(one)).events).toMatchObject([{ data: { changes: [30] } }]);
        expect(losing.asked).toBe(1);
        expect((await bookOf(journal, 'anna')).balance).toBe(70);
      },
    );

    it('seconds later, is asked for: an older store that was brought back meanwhile has never heard of it', async () => {
      const moved = new AskedJournal(journal);
      const one = barrier(moved);
      await prepare(one, coat);
      moved.bringBack(ground.embedded.journal('older'));
      await ground.world.advance(5000);
      await expect(commit(one)).rejects.toMatchObject({ code: 'NOT_PREPARED' });
      expect(moved.asked).toBe(1);
      expect((await bookOf(ground.embedded.journal('older'), 'anna')).rows).toBe(0);
    });

    it('for a large one, and for the oldest of very many, is asked for', async () => {
      const watched = new AskedJournal(journal);
      const one = barrier(watched);
      await prepare(one, { ...coat, text: 'x'.repeat(20_000), saga: 'large' });
      await commit(one, { saga: 'large' });
      expect(watched.asked).toBe(1);
      await prepare(one, { ...coat, saga: 'before' });
      // Read-only: no decision comes.
      for (const n of range(257)) await prepare(one, { from: [], saga: `s${n}` });
      await commit(one, { saga: 'before' });
      expect(watched.asked).toBe(1);
      for (const n of range(257)) await prepare(one, { from: [take(`a${n}`, 1)], saga: `t${n}` });
      for (const saga of ['t0', 't1', 't256']) await commit(one, { saga });
      expect(watched.asked).toBe(2);
    });
  });
});
