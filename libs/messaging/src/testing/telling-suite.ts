import type { Journal, JournalRow } from '@aura/kernel';
import type { EventBus, TellingJournal, TellingRow } from '../bus';
import { UnroutableError } from '../bus-errors';
import { tellingJournal } from '../telling-journal';
import { BusProbe, quiet, someEvent, Tap } from './bus-probe';
import type { TellingUnderTest } from './telling-under-test';

/** One client of the store: its bus, a journal, and that journal as one that tells. */
interface Told {
  readonly bus: EventBus;
  readonly journal: Journal;
  readonly telling: TellingJournal;
  /** A stream of its own. */
  readonly stream: string;
  close(): Promise<void>;
}

function rowAt(stream: string, seq: number, body = '{}'): JournalRow {
  return { stream, seq, at: 1_700_000_000_000, operations: [`o${seq}`], body };
}

/** Proves that a bus and the journals of its store keep the contract of `TellingJournal`. */
export function tellingConformance(name: string, factory: () => Promise<TellingUnderTest>): void {
  jest.setTimeout(30_000);
  describe(`${name} tells what journals of its store say`, () => {
    const probe = new BusProbe();
    let underTest: TellingUnderTest;
    beforeAll(async () => {
      underTest = await factory();
      probe.begin(underTest);
    }, 60_000);
    afterEach(() => probe.closeClients());
    afterAll(() => probe.end(), 30_000);

    async function told(): Promise<Told> {
      const client = await probe.open();
      const { bus } = client;
      const journal = underTest.journal('telling');
      const telling = tellingJournal(bus, journal);
      return { bus, journal, telling, stream: probe.name('stream'), close: () => client.close() };
    }

    it('a row that stands is told, once', async () => {
      const { bus, journal, stream, telling } = await told();
      const queue = await probe.queue(bus);
      const tap = await Tap.acking(bus, queue);
      const row = rowAt(stream, 1);
      expect(await telling.append([saying(row, queue, 'e1', 'e2')])).toEqual(['told']);
      expect(await journal.read(stream)).toEqual([row]);
      await tap.has(2);
      await quiet();
      expect([...tap.ids].sort()).toEqual(['e1', 'e2']);
    });

    it('a row that loses its place says nothing, and rows beside it are told', async () => {
      const { bus, journal, stream, telling } = await told();
      const queue = await probe.queue(bus);
      const tap = await Tap.acking(bus, queue);
      await journal.append([rowAt(stream, 1)]);
      const rows = [
        saying(rowAt(stream, 1, '{"other":true}'), queue, 'lost'),
        saying(rowAt(`${stream}b`, 1), queue, 'kept'),
      ];
      expect(await telling.append(rows)).toEqual(['conflict', 'told']);
      await tap.has(1);
      await quiet();
      expect(tap.ids).toEqual(['kept']);
    });

    it('rows in order are told each with its own, up to the first that loses its place', async () => {
      const { bus, journal, stream, telling } = await told();
      const queue = await probe.queue(bus);
      const tap = await Tap.acking(bus, queue);
      await journal.append([rowAt(`${stream}c`, 1)]);
      const rows = [
        saying(rowAt(stream, 1), queue),
        saying(rowAt(stream, 2), queue, 'behind'),
        saying(rowAt(`${stream}c`, 1, '{"other":true}'), queue, 'lost'),
        saying(rowAt(`${stream}d`, 1), queue, 'unwritten'),
      ];
      expect(await telling.appendInOrder(rows)).toEqual(['appended', 'told', 'conflict']);
      await tap.has(1);
      await quiet();
      expect(tap.ids).toEqual(['behind']);
      expect(await journal.head(`${stream}d`)).toBe(0);
    });

    it('of many that race for a place one stands, and only that one is told', async () => {
      const clients = await Promise.all(Array.from({ length: 5 }, told));
      const [{ bus, journal, stream }] = clients as [Told, ...Told[]];
      const queue = await probe.queue(bus);
      const tap = await Tap.acking(bus, queue);
      const racing = clients.flatMap(({ telling }, client) =>
        Array.from({ length: 10 }, (_, n) =>
          telling.append([saying(rowAt(stream, 1, `{"by":"${client}/${n}"}`), queue, `${client}/${n}`)]),
        ),
      );
      const results = (await Promise.all(racing)).flat();
      expect(results.filter((result) => result === 'told')).toHaveLength(1);
      expect(results.filter((result) => result === 'conflict')).toHaveLength(49);
      await tap.has(1);
      await quiet();
      const [row] = await journal.read(stream);
      expect(row?.body).toBe(`{"by":"${tap.ids.join(' and ')}"}`);
    });

    it('the same row again stands already, and is told again', async () => {
      const { bus, journal, stream, telling } = await told();
      const queue = await probe.queue(bus);
      const tap = await Tap.acking(bus, queue);
      const row = saying(rowAt(stream, 1), queue, 'again');
      expect(await telling.append([row])).toEqual(['told']);
      expect(await telling.append([row])).toEqual(['told']);
      await tap.has(2);
      expect(await journal.head(stream)).toBe(1);
    });

    it('a row with nothing to say is appended', async () => {
      const { journal, stream, telling } = await told();
      expect(await telling.append([{ row: rowAt(stream, 1), publish: [] }])).toEqual(['appended']);
      expect(await journal.head(stream)).toBe(1);
      expect(await telling.append([])).toEqual([]);
    });

    it('where one message finds no queue the row stands, and nothing of it is published', async () => {
      const { bus, journal, stream, telling } = await told();
      const queue = await probe.queue(bus);
      const tap = await Tap.acking(bus, queue);
      const nowhere = {
        event: someEvent('nowhere'),
        to: [{ kind: 'exchange', exchange: 'aura.steps', key: probe.name('nobody'), mandatory: true }],
      } as const;
      const { row, publish } = saying(rowAt(stream, 1), queue, 'beside');
      expect(await telling.append([{ row, publish: [...publish, nowhere] }])).toEqual(['appended']);
      expect(await journal.head(stream)).toBe(1);
      await expect(bus.publish([nowhere])).rejects.toThrow(UnroutableError);
      await quiet();
      expect(tap.ids).toEqual([]);
    });

    it('a queue that is full refuses what a row says, and not the row', async () => {
      const { bus, journal, stream, telling } = await told();
      const queue = await probe.queue(bus, 'ingress', { maxLength: 1 });
      const rows = [
        saying(rowAt(stream, 1), queue, 'first'),
        saying(rowAt(`${stream}b`, 1), queue, 'second'),
      ];
      expect(await telling.append(rows)).toEqual(['told', 'appended']);
      expect(await journal.head(`${stream}b`)).toBe(1);
      const tap = await Tap.acking(bus, queue);
      await tap.has(1);
      await quiet();
      expect(tap.ids).toEqual(['first']);
    });

    it('a client that is closed appends and tells nothing', async () => {
      const { journal, stream, telling, close } = await told();
      const { bus } = await told();
      const queue = await probe.queue(bus);
      const tap = await Tap.acking(bus, queue);
      await close();
      expect(await telling.append([saying(rowAt(stream, 1), queue, 'late')])).toEqual(['appended']);
      expect(await journal.head(stream)).toBe(1);
      await quiet();
      expect(tap.ids).toEqual([]);
    });

    it('two rows of one stream in one call are refused, and nothing is said', async () => {
      const { bus, journal, stream, telling } = await told();
      const queue = await probe.queue(bus);
      const tap = await Tap.acking(bus, queue);
      const rows = [saying(rowAt(stream, 1), queue, 'one'), saying(rowAt(stream, 2), queue, 'two')];
      await expect(telling.append(rows)).rejects.toThrow(TypeError);
      await quiet();
      expect([await journal.head(stream), tap.ids]).toEqual([0, []]);
    });
  });
}

function saying(row: JournalRow, queue: string, ...ids: readonly string[]): TellingRow {
  return {
    row,
    publish: ids.map((id) => ({ event: someEvent(id), to: [{ kind: 'queue', queue }] })),
  };
}
