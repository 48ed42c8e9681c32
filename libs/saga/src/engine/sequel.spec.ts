import { PayloadTooLargeError, StoreUnavailableError } from '@aura/kernel';
import { sampleRow } from '@aura/kernel/testing';
import type { Done, OutboundMessage, TellingJournal, TellingResult, TellingRow } from '@aura/messaging';
import { someEvent } from '@aura/messaging/testing';
import { appendLeading, appendOneLeading } from './sequel';
import type { LeadingRow, Sequel } from './sequel';

const message = (id: string): OutboundMessage => ({
  event: someEvent(id),
  to: [{ kind: 'queue', queue: 'aura.tracker.3' }],
});

const [END, NEWS] = [message('end'), message('news')];
const END_ROW = sampleRow({ stream: 'tx/1' });
const SAGA_ROW = sampleRow({ stream: 'saga/1' });
const LED: Done = { kind: 'done', publish: [message('completed')] };

describe('a row whose message leads to another row', () => {
  const told: string[] = [];
  const calls: (readonly TellingRow[])[] = [];
  beforeEach(() => {
    told.length = 0;
    calls.length = 0;
  });

  const sequel: Sequel = {
    telling: { row: SAGA_ROW, publish: LED.publish },
    settled: (result) => {
      told.push(String(result));
      return result === 'appended' || result === 'told' ? LED : undefined;
    },
    unknown: () => void told.push('unknown'),
  };
  const find = (asked: OutboundMessage): Sequel | undefined => (asked === END ? sequel : undefined);

  /** A journal that answers this, and notes what it was asked for. */
  function answering(...answers: readonly (readonly TellingResult[] | Error)[]): TellingJournal {
    const left = [...answers];
    const answer = (rows: readonly TellingRow[]): Promise<readonly TellingResult[]> => {
      calls.push(rows);
      const next = left.shift() ?? [];
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    };
    return { append: answer, appendInOrder: answer };
  }

  const append = (journal: TellingJournal) =>
    appendOneLeading(journal, { row: END_ROW, publish: [NEWS, END], find });

  it('is appended with it, in front of it, and says everything else', async () => {
    const came = await append(answering(['appended', 'appended']));
    expect(calls).toEqual([[{ row: END_ROW, publish: [NEWS] }, sequel.telling]]);
    expect(came).toEqual({ result: 'appended', left: [NEWS], led: { of: END, done: LED } });
    expect(told).toEqual(['appended']);
  });

  it('has nothing left to say where that was said in its commit', async () => {
    const came = await append(answering(['told', 'told']));
    expect(came).toEqual({ result: 'appended', left: [], led: { of: END, done: LED } });
    expect(told).toEqual(['told']);
  });

  it('says it as ever where the other row lost its place', async () => {
    expect(await append(answering(['told', 'conflict']))).toEqual({ result: 'appended', left: [END] });
    expect(told).toEqual(['conflict']);
  });

  it('leaves nothing of the other one where it lost its own place', async () => {
    expect(await append(answering(['conflict']))).toEqual({ result: 'conflict', left: [] });
    expect(told).toEqual(['undefined']);
  });

  it('says that nobody knows what became of the other one, where the store is away', async () => {
    await expect(append(answering(new StoreUnavailableError('away')))).rejects.toThrow('away');
    expect(told).toEqual(['unknown']);
    expect(calls).toHaveLength(1);
  });

  it('stands alone where the other one cannot be stored', async () => {
    const came = await append(answering(new PayloadTooLargeError('a row', 9, 5), ['appended']));
    expect(came).toEqual({ result: 'appended', left: [NEWS, END] });
    expect(told).toEqual(['unknown']);
    expect(calls[1]).toEqual([{ row: END_ROW, publish: [NEWS, END] }]);
  });

  it('is appended as ever where what it leads to cannot be decided', async () => {
    const journal = answering(['appended']);
    const row = {
      row: END_ROW,
      publish: [END],
      find: () => {
        throw new Error('broken');
      },
    };
    expect(await appendLeading(journal, [row])).toEqual([{ result: 'appended', left: [END] }]);
  });

  it('has a call of its own beside those that lead nowhere, and fails alone', async () => {
    const others = ['a', 'b'].map((stream) => ({ row: sampleRow({ stream }), publish: [NEWS], find }));
    const [first = others[0], last] = others;
    const rows = [first, { row: END_ROW, publish: [END], find }, last] as readonly LeadingRow[];
    const came = await appendLeading(answering(['told', 'conflict'], ['appended', 'appended']), rows);
    expect(came.map(({ result }) => result)).toEqual(['appended', 'appended', 'conflict']);
    expect(calls).toEqual([others, [{ row: END_ROW, publish: [] }, sequel.telling]]);
    const error = new StoreUnavailableError('away');
    const failing = await appendLeading(answering(error, ['appended', 'appended']), rows);
    expect(failing.map(({ result }) => result)).toEqual(['failed', 'appended', 'failed']);
    const other = await appendLeading(answering(['told', 'appended'], error), rows);
    expect(other.map(({ result }) => result)).toEqual(['appended', 'failed', 'appended']);
    expect(other[1]).toMatchObject({ error });
    expect(told).toEqual(['appended', 'appended', 'unknown']);
  });

  it.each<[TellingResult, object]>([
    ['appended', { result: 'appended', left: [NEWS] }],
    ['told', { result: 'appended', left: [] }],
    ['conflict', { result: 'conflict', left: [] }],
  ])('is appended as ever where nothing leads anywhere, and %s', async (result, came) => {
    const telling = { row: END_ROW, publish: [NEWS], find };
    expect(await appendLeading(answering([result]), [telling])).toEqual([came]);
    expect(calls).toEqual([[telling]]);
    expect(told).toEqual([]);
  });
});
