import { UnroutableError } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { Grip } from './grip';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';
import { isOf } from './transaction-stage';

describe('recovery', () => {
  let house: House;
  let one: Housed;

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one');
    await house.publish(one, puppetDefinition('chain', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }]));
  });

  afterEach(() => house.close());

  async function someSagas(): Promise<readonly string[]> {
    const sagas = await Promise.all(Array.from({ length: 9 }, () => house.start(one, 'chain')));
    for (const [n, saga] of sagas.entries()) {
      const partition = await house.partition(saga);
      if (n % 3 > 0) await house.puppet.end({ saga, step: 'a', partition });
      if (n % 3 > 1) await house.puppet.end({ saga, step: 'b', partition });
    }
    for (const [n, saga] of sagas.entries())
      await eventually('its rows and views stand', async () => {
        const view = await (await house.views('sagas')).get(saga);
        // Two ends may share a row.
        const stands =
          n % 3 > 1 ? view?.fields['status'] === 'completed' : view?.fields['seq'] === 1 + (n % 3);
        return stands && view?.fields['publishedSeq'] === view?.fields['seq'] ? true : undefined;
      });
    return sagas;
  }

  it.each([
    ['one view', 1],
    ['all views', 9],
  ])('rebuilds %s that was deleted by hand, the same byte for byte', async (_what, count) => {
    const sagas = await someSagas();
    const views = await house.views('sagas');
    const before = await views.all('startedAt');
    await one.stop();
    await views.remove(sagas.slice(0, count));
    one = await house.coordinator('one');
    await eventually('all views are back', async () =>
      (await views.all('startedAt')).length === sagas.length ? true : undefined,
    );
    expect(await views.all('startedAt')).toEqual(before);
  });

  it('rebuilds all views although their sagas are older than the last word of their owner', async () => {
    const sagas = await someSagas();
    const views = await house.views('sagas');
    const before = await views.all('startedAt');
    house.world.pass(600_000);
    await eventually('the owner says so', async () => {
      const leases = await house.embedded.leases.list('partition/');
      const since = leases.map(
        ({ note }) => (JSON.parse(note) as { readonly flushedUpTo: number } | null)?.flushedUpTo ?? 0,
      );
      return since.every((at) => at > house.world.clock.now() - 5000) ? true : undefined;
    });
    await one.stop();
    await views.remove(sagas);
    one = await house.coordinator('one');
    await eventually('all views are back', async () =>
      (await views.all('startedAt')).length === sagas.length ? true : undefined,
    );
    expect(await views.all('startedAt')).toEqual(before);
  });

  it('looks again when a store is away, and says so', async () => {
    const [saga = ''] = await someSagas();
    await one.stop();
    await (await house.views('sagas')).remove([saga]);
    const grip = new Grip();
    const isOwn = ([query]: readonly unknown[]): boolean => !JSON.stringify(query).includes('-1');
    grip.fail({ call: 'journal.scan', when: 'before', matches: isOwn });
    grip.fail({ call: 'views.sagas.put', when: 'before' });
    one = await house.coordinator('one', {}, grip);
    await eventually('the view is back', async () =>
      (await (await house.views('sagas')).get(saga)) === undefined ? undefined : true,
    );
    expect(grip.hits).toBe(2);
    expect(house.warnings.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'what is open could not be recovered; trying again',
        'views not written; trying again',
      ]),
    );
  });

  it('goes on with a saga whose owner died between its row and the publication', async () => {
    const saga = await house.start(one, 'chain');
    const partition = await house.partition(saga);
    const isEnd = ([messages]: readonly unknown[]): boolean =>
      JSON.stringify(messages).includes('saga.completed');
    one.grip.fail({ call: 'bus.publish', when: 'before', times: 1000, matches: isEnd });
    const seen = await house.tap('ai.aura.saga.completed.#');
    await house.puppet.end({ saga, step: 'a', partition }, { saga, step: 'b', partition });
    await house.until(one, saga, 'completed');
    await one.die();
    one = await house.coordinator('one');
    await eventually('its end is told', () =>
      seen.some(({ correlationid }) => correlationid === saga) ? true : undefined,
    );
    const view = await eventually('its view has the end', async () => {
      const found = await (await house.views('sagas')).get(saga);
      return found?.fields['status'] === 'completed' ? found : undefined;
    });
    expect(view.fields['publishedSeq']).toBe(view.fields['seq']);
  });

  it('writes the views that a dead owner had not written yet, and publishes nothing twice for them', async () => {
    await one.stop();
    one = await house.coordinator('one', { flushMs: 3_600_000 });
    const saga = await house.start(one, 'chain');
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    await eventually('its row stands', async () =>
      (await house.rows(saga)).length === 2 ? true : undefined,
    );
    const seen = await house.tap('ai.aura.saga.#');
    await one.die();
    one = await house.coordinator('one');
    await eventually('its view is written', async () =>
      (await (await house.views('sagas')).get(saga))?.fields['seq'] === 2 ? true : undefined,
    );
    expect(seen).toEqual([]);
  });

  it('goes through many pages of sagas', async () => {
    const sagas = await Promise.all(Array.from({ length: 1100 }, () => house.start(one, 'chain')));
    await one.stop();
    const views = await house.views('sagas');
    await views.remove(sagas);
    one = await house.coordinator('one');
    await eventually('the last ones are back', async () => {
      const found = await Promise.all(sagas.slice(-200).map((saga) => views.get(saga)));
      return found.every((view) => view !== undefined) ? true : undefined;
    });
  });

  it('does not let one saga that the bus refuses stop the others', async () => {
    const refused = await house.start(one, 'chain');
    const other = await house.start(one, 'chain');
    await one.stop();
    const views = await house.views('sagas');
    await views.remove([refused, other]);
    const grip = new Grip();
    const isRefused = ([messages]: readonly unknown[]): boolean => JSON.stringify(messages).includes(refused);
    grip.fail({
      call: 'bus.publish',
      when: 'before',
      error: new UnroutableError('aura.events', 'k'),
      matches: isRefused,
    });
    one = await house.coordinator('one', { leaseMs: 3_600_000 }, grip);
    await eventually('the other is published', async () =>
      (await views.get(other))?.fields['publishedSeq'] === 1 ? true : undefined,
    );
    await eventually('the refused one is visible', async () =>
      (await views.get(refused))?.fields['publishedSeq'] === 0 ? true : undefined,
    );
    house.world.pass(60_000);
    await eventually('its timer publishes it', async () =>
      Number((await views.get(refused))?.fields['publishedSeq']) > 0 ? true : undefined,
    );
  });

  it('tells of a saga that the bus refuses ever more rarely, though each of its timers tries it again', async () => {
    const patient = { timeout: '5s', retryPolicy: { maxEpochs: 10 } };
    await house.publish(one, puppetDefinition('slow', [{ id: 'a', ...patient }]));
    const saga = await house.start(one, 'slow');
    await one.stop();
    const grip = new Grip();
    grip.refuse(([messages]) => isOf(saga)([messages]) && !isOf('timer-due')([messages]));
    one = await house.coordinator('one', { leaseMs: 3_600_000 }, grip);
    await eventually('it has been tried until its last time limit', async () => {
      house.world.pass(200);
      return (await house.rows(saga)).length >= 11 ? true : undefined;
    });
    const told = house.warnings.filter(
      ({ message }) => message === `what saga ${saga} has to say was refused`,
    );
    // Ten times otherwise; at once, after half a minute, and after another whole one.
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(3);
    grip.heal();
  });

  it('repairs a view that stayed behind its journal when its timer is due', async () => {
    const saga = await house.start(one, 'chain');
    const partition = await house.partition(saga);
    const views = await house.views('sagas');
    const old = await views.get(saga);
    await house.puppet.end({ saga, step: 'a', partition }, { saga, step: 'b', partition });
    await eventually('the view has the end', async () =>
      (await views.get(saga))?.fields['status'] === 'completed' ? true : undefined,
    );
    await views.remove([saga]);
    const store = await house.embedded.views('coordinator').open({
      name: 'sagas',
      fields:
        old?.fields === undefined
          ? {}
          : Object.fromEntries(Object.keys(old.fields).map((field) => [field, 'integer' as const])),
      indexes: [],
    });
    if (old === undefined) throw new Error('there was no view');
    await store.put([old]);
    house.world.pass(60_000);
    await eventually('the view has the end again', async () =>
      (await views.get(saga))?.fields['status'] === 'completed' ? true : undefined,
    );
  });
});

describe('a saga whose plan is unknown', () => {
  it('waits, is not lost and is no early event; it goes on when the plan is there', async () => {
    const house = await House.open();
    const one = await house.coordinator('one');
    await house.publish(one, puppetDefinition('chain', [{ id: 'a' }]));
    const saga = await house.start(one, 'chain');
    const partition = await house.partition(saga);
    const journal = house.embedded.journal('coordinator');
    const orphan = '0197-orphan';
    const [start] = await house.rows(saga);
    if (start === undefined) throw new Error('there is no start');
    const body = start.body
      .replaceAll(saga, orphan)
      .replace(/sha256:[0-9a-f]{64}/, `sha256:${'0'.repeat(64)}`);
    await journal.append([{ ...start, stream: `saga/${orphan}`, body }]);
    await house.puppet.end({ saga: orphan, step: 'a', partition }, { saga, step: 'a', partition });
    await house.until(one, saga, 'completed');
    await eventually('it is said', () =>
      house.warnings.some(({ message }) => message === `the plan of saga ${orphan} is not known`)
        ? true
        : undefined,
    );
    const broken = '0197-broken';
    const nothing = start.body.replace('"started"', '"ended"');
    await journal.append([{ ...start, stream: `saga/${broken}`, body: nothing }]);
    await house.puppet.end({ saga: orphan, step: 'a', partition }, { saga: broken, step: 'a', partition });
    await eventually('it is said too', () =>
      house.warnings.some(({ message }) => message === `saga ${broken} cannot be folded`) ? true : undefined,
    );
    // Whoever asks for them again does not hear of them again, until a while has passed.
    const other = await house.start(one, 'chain');
    const place = { saga: other, step: 'a', partition: await house.partition(other) };
    for (const saga of [orphan, broken]) await house.puppet.end({ saga, step: 'a', partition });
    await house.puppet.end(place);
    await house.until(one, other, 'completed');
    const told = () => house.warnings.filter(({ message }) => message.startsWith(`saga ${broken} cannot`));
    expect(told()).toMatchObject([{ details: { partition } }]);
    house.world.pass(40_000);
    await house.puppet.end({ saga: broken, step: 'a', partition });
    await eventually('it is said again', () => (told().length === 2 ? true : undefined));
    await expect(one.coordinator.find(orphan)).rejects.toThrow('is not known here');
    expect(await (await house.views('early_events')).all('heldSince')).toEqual([]);
    expect(house.warnings.length).toBeLessThan(20);
    await house.close();
  });
});
