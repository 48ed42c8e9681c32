import { transactionAcknowledged, transactionVoted } from '@aura/contracts';
import type { JsonObject } from '@aura/contracts';
import { StoreUnavailableError } from '@aura/kernel';
import type { ViewStore, ViewStores } from '@aura/kernel';
import { until } from '@aura/messaging/testing';
import { HeardBus } from '../participant/heard-bus';
import type { Stage } from '../participant/stage';
import { BranchStage } from './branch-stage';

/** Views that refuse to be written while `isAway` says so. */
function awayWhile(isAway: () => boolean, views: ViewStores): ViewStores {
  const written = <F extends string>(store: ViewStore<F>): ViewStore<F> => ({
    get: (id) => store.get(id),
    find: (query) => store.find(query),
    count: (where) => store.count(where),
    remove: (ids) => store.remove(ids),
    put: (...args) =>
      isAway() ? Promise.reject(new StoreUnavailableError('the views are away')) : store.put(...args),
  });
  return { open: async (definition) => written(await views.open(definition)) };
}

describe('what a branch says, where journal and bus share a store', () => {
  let branches: BranchStage;
  let bus: HeardBus;
  let isAway = false;
  let refused = 0;
  const isRefused = (): boolean => {
    refused += isAway ? 1 : 0;
    return isAway;
  };

  beforeEach(async () => {
    isAway = false;
    branches = await BranchStage.open((stage: Stage) => {
      const ports = stage.ports('store');
      bus = new HeardBus(ports.bus, stage.world.clock);
      return { bus, views: awayWhile(isRefused, ports.views) };
    });
  });
  afterEach(() => branches.close());

  const prepare = (input: JsonObject): Parameters<BranchStage['ask']>[0] => ({
    ask: 'prepare',
    saga: 's1',
    input,
  });
  const operations = async (): Promise<readonly string[]> =>
    (await branches.journal.read('step/s1/1/all/1/goods')).flatMap((row) => row.operations);

  test('is published with its row: a yes, and an acknowledgement; asked again, it says what stands', async () => {
    const vote = await branches.ask(prepare({ items: { coat: 1 } }));
    const ack = await branches.ask({ ask: 'commit', saga: 's1' });
    expect([vote.type, ack.type]).toEqual([transactionVoted.type, transactionAcknowledged.type]);
    expect(bus.of('all')).toEqual([]);
    expect(await branches.ask({ ask: 'commit', saga: 's1' })).toEqual(ack);
    expect(bus.of('all')).toEqual([transactionAcknowledged.type]);
  });

  test('is published behind its row when it is a no, behind the release of what was held', async () => {
    const vote = await branches.ask(prepare({ items: { coat: 1 }, mood: 'late no' }));
    expect(vote.data).toMatchObject({ vote: 'no' });
    expect(bus.of('all')).toEqual([transactionVoted.type]);
    const [prepared, released] = await branches.journal.read('stock/coat');
    expect([prepared, released].every((row) => row !== undefined)).toBe(true);
  });

  test.each([
    ['one thing, which is claimed and held together with that', { coat: 1 }, []],
    ['several, which are held before', { coat: 1, scarf: 1 }, ['claim']],
  ])(
    'is no yes to %s before the branch is listed among those that will ask',
    async (_what, items, before) => {
      isAway = true;
      refused = 0;
      await branches.request(prepare({ items }));
      await until(() => Promise.resolve(refused > 0), 'it is to be listed');
      await branches.stage.quiet('store');
      expect(await operations()).toEqual(before);
      expect(branches.saidOf('s1')).toEqual([]);
      isAway = false;
      await until(async () => {
        await branches.stage.world.advance(500);
        return branches.saidOf('s1').length > 0;
      }, 'it votes');
      expect(await operations()).toEqual(['claim', 'vote']);
      expect(bus.of('all')).not.toContain(transactionVoted.type);
    },
  );
});
