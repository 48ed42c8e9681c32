import { tellingJournal } from '@aura/messaging';
import type { EVENTS_EXCHANGE, OutboundMessage } from '@aura/messaging';
import { someEvent, Tap, tellingConformance } from '@aura/messaging/testing';
import { SqliteJournal } from '../journal/sqlite-journal';
import { EmbeddedStore } from '../store/embedded-store';
import { systemWorld } from '../system-world';
import { embeddedBusUnderTest } from '../testing/embedded-bus-under-test';
import { EmbeddedHarness } from '../testing/embedded-harness';
import { TemporaryFolder } from '../testing/temporary-folder';
import { Broker } from './broker';
import { BusStanding } from './bus-standing';
import { EmbeddedBus } from './embedded-bus';

tellingConformance('the embedded bus', () => embeddedBusUnderTest('telling'));

const row = (seq: number) => ({ stream: 'a', seq, at: seq, operations: [], body: '{}' });

function saying(id: string) {
  return [{ event: someEvent(id), to: [{ kind: 'queue', queue: 'q' } as const] }];
}

describe('a row and what it says, in the data file', () => {
  let harness: EmbeddedHarness;
  beforeEach(async () => {
    harness = await EmbeddedHarness.open();
    await harness.embedded.bus.declareQueue({ queue: 'q', kind: 'work' });
  });
  afterEach(() => harness.close());

  test('are both there behind a kill', async () => {
    const { bus } = harness.embedded;
    const journal = harness.embedded.journal('n');
    const telling = tellingJournal(bus, journal);
    expect(await telling.append([{ row: row(1), publish: saying('e') }])).toEqual(['told']);
    const after = await harness.afterKill();
    expect(await after.embedded.journal('n').head('a')).toBe(1);
    const tap = await Tap.acking(after.embedded.bus, 'q');
    expect((await tap.at(0)).event).toMatchObject({ ok: true, value: { id: 'e' } });
    await after.close();
  });

  test('what is no event is not told, and whoever publishes it hears why', async () => {
    const { bus } = harness.embedded;
    const publish = saying('');
    const telling = tellingJournal(bus, harness.embedded.journal('n'));
    expect(await telling.append([{ row: row(1), publish }])).toEqual(['appended']);
    await expect(bus.publish(publish)).rejects.toThrow(/id/);
  });

  describe.each<[string, Partial<OutboundMessage>]>([
    ['headers are no JSON', { headers: { attempt: 1n as unknown as number } }],
    [
      'exchange is none',
      { to: [{ kind: 'exchange', exchange: 'none' as typeof EVENTS_EXCHANGE, key: 'k' }] },
    ],
    ['delay is no number', { to: [{ kind: 'delay', queue: 'q', delayMs: 1n as unknown as number }] }],
  ])('what cannot be stored, because its %s,', (_what, broken) => {
    const publish = [...saying('before'), { ...saying('broken')[0], ...broken } as OutboundMessage];

    test('is not told, the row stands as it is said to, and whoever publishes it hears why', async () => {
      const { bus } = harness.embedded;
      const journal = harness.embedded.journal('n');
      const telling = tellingJournal(bus, journal);
      const beside = { row: { ...row(1), stream: 'b' }, publish: saying('beside') };
      expect(await telling.append([{ row: row(1), publish }, beside])).toEqual(['appended', 'told']);
      expect([await journal.head('a'), await journal.head('b'), await bus.depth('q')]).toEqual([1, 1, 1]);
      await expect(bus.publish(publish)).rejects.toThrow(TypeError);
      expect(await bus.depth('q')).toBe(1);
    });
  });

  test('a journal of another file is not told here', async () => {
    const other = await EmbeddedHarness.open();
    expect(harness.embedded.bus.telling?.(other.embedded.journal('n'))).toBeUndefined();
    await other.close();
  });
});

test('neither a row nor what it says is there when their commit is refused', async () => {
  const folder = new TemporaryFolder();
  const store = EmbeddedStore.open(folder.file);
  const broker = new Broker(store, systemWorld(), 100, () => undefined);
  const bus = new EmbeddedBus(broker, new BusStanding());
  const journal = new SqliteJournal(store, 'n');
  await bus.declareQueue({ queue: 'q', kind: 'work' });
  let commits = 0;
  let isRefusing = true;
  store.commits.join({
    beforeCommit: () => {
      if (isRefusing) throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
    },
    committed: () => void (commits += 1),
    rolledBack: () => undefined,
    outcome: () => undefined,
  });
  const telling = tellingJournal(bus, journal);
  const rows = [{ row: row(1), publish: saying('e') }];
  await expect(telling.append(rows)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect([await journal.head('a'), await bus.depth('q'), commits]).toEqual([0, 0, 0]);
  isRefusing = false;
  expect(await telling.append(rows)).toEqual(['told']);
  expect([await journal.head('a'), await bus.depth('q'), commits]).toEqual([1, 1, 1]);
  await bus.close();
  broker.close();
  await store.close();
  folder.remove();
});
