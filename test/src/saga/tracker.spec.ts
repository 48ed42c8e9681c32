import { eventually } from '../lab/eventually';
import { Grip } from './grip';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

describe('the tracker', () => {
  let house: House;
  let one: Housed;

  beforeAll(async () => {
    house = await House.open();
    one = await house.coordinator('one');
    await house.publish(one, puppetDefinition('chain', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }]));
    await house.publish(
      one,
      puppetDefinition(
        'wide',
        ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id })),
      ),
    );
    await house.publish(
      one,
      puppetDefinition('optional', [
        { id: 'a', failure: { policy: 'continue', output: { by: 'default' } } },
        { id: 'b', dependencies: ['a'] },
      ]),
    );
  });

  afterAll(() => house.close());
  afterEach(() => one.grip.heal());

  it('follows many sagas at once, whatever comes twice and in whatever order', async () => {
    const sagas = await Promise.all(Array.from({ length: 300 }, () => house.start(one, 'chain')));
    const ends = await Promise.all(
      sagas.map(async (saga) => {
        const partition = await house.partition(saga);
        return ['b', 'a', 'b', 'a'].map((step) => ({ saga, step, partition }));
      }),
    );
    for (let round = 0; round < 4; round++)
      await house.puppet.end(...ends.flatMap((own) => own[round] ?? []));
    for (const saga of sagas) await house.until(one, saga, 'completed');
    for (const saga of sagas) {
      const ended = (await house.rows(saga)).flatMap(
        ({ body }) => body.match(/"kind":"(stepEnded|ended)"/g) ?? [],
      );
      expect(ended).toHaveLength(3);
    }
  });

  it('takes several ends of one saga as one row', async () => {
    const saga = await house.start(one, 'wide');
    const partition = await house.partition(saga);
    await house.puppet.end(...['a', 'b', 'c', 'd', 'e'].map((step) => ({ saga, step, partition })));
    await house.until(one, saga, 'completed');
    expect((await house.rows(saga)).length).toBeLessThan(5);
  });

  it.each([
    ['journal.append', 'before'],
    ['journal.append', 'behind'],
    ['bus.publish', 'before'],
    ['bus.publish', 'behind'],
  ] as const)('loses nothing when %s goes wrong once (%s its effect)', async (call, when) => {
    const saga = await house.start(one, 'optional');
    const partition = await house.partition(saga);
    const isRow = ([first]: readonly unknown[]): boolean => JSON.stringify(first).includes(saga);
    const { hits } = one.grip;
    one.grip.fail({ call, when, matches: isRow });
    await house.puppet.fail({ saga, step: 'a', partition });
    const told = () =>
      house.puppet.received.filter(({ event }) => event.ok && event.value.correlationid === saga);
    await eventually('the default output is told to those behind', () =>
      told().some(({ event }) => event.ok && event.value.type === 'ai.aura.step.continued.v1')
        ? true
        : undefined,
    );
    await house.puppet.end({ saga, step: 'b', partition });
    await house.until(one, saga, 'completed');
    const kinds = (await house.rows(saga)).flatMap(({ body }) =>
      (JSON.parse(body) as { readonly kind: string }[]).map(({ kind }) => kind),
    );
    expect(kinds.filter((kind) => kind === 'stepEnded')).toHaveLength(3);
    expect(one.grip.hits).toBe(hits + 1);
  });

  it('loses nothing when a saga cannot be read once', async () => {
    const saga = await house.start(one, 'wide');
    const partition = await house.partition(saga);
    await one.stop();
    const grip = new Grip();
    const isSaga = ([streams]: readonly unknown[]): boolean => JSON.stringify(streams).includes(saga);
    grip.fail({ call: 'journal.readMany', when: 'before', times: 2, matches: isSaga });
    one = await house.coordinator('one', {}, grip);
    await house.puppet.end(...['a', 'b', 'c', 'd', 'e'].map((step) => ({ saga, step, partition })));
    await house.until(one, saga, 'completed');
    expect(one.grip.hits).toBeGreaterThan(0);
  });

  it('decides anew when another writer took the sequence', async () => {
    const saga = await house.start(one, 'wide');
    const partition = await house.partition(saga);
    await house.puppet.end({ saga, step: 'a', partition });
    await eventually('a row stands', async () => ((await house.rows(saga)).length === 2 ? true : undefined));
    const journal = house.embedded.journal('coordinator');
    const [, second] = await house.rows(saga);
    if (second === undefined) throw new Error('there is no second row');
    const body = second.body.replaceAll('"a"', '"e"').replaceAll('/a/', '/e/').replaceAll('.a.', '.e.');
    expect(await journal.append([{ ...second, seq: 3, body }])).toEqual(['appended']);
    await house.puppet.end(...['b', 'c', 'd', 'e'].map((step) => ({ saga, step, partition })));
    const detail = await house.until(one, saga, 'completed');
    expect(detail.sequence).toBe(7);
    expect((await house.rows(saga)).map(({ seq }) => seq)).toEqual(
      (await house.rows(saga)).map((_row, n) => n + 1),
    );
  });

  it('keeps one saga that cannot be handled from dragging down those of the same write', async () => {
    const [bad, ...good] = await Promise.all(Array.from({ length: 20 }, () => house.start(one, 'chain')));
    const error = new TypeError('this row is poison');
    const isBad = ([rows]: readonly unknown[]): boolean => JSON.stringify(rows).includes(String(bad));
    one.grip.fail({ call: 'journal.append', when: 'before', times: 1000, error, matches: isBad });
    const all = await Promise.all(
      [String(bad), ...good].map(async (saga) => ({ saga, partition: await house.partition(saga) })),
    );
    await house.puppet.end(...all.flatMap((own) => ['a', 'b'].map((step) => ({ ...own, step }))));
    for (const saga of good) await house.until(one, saga, 'completed');
    expect((await house.rows(String(bad))).length).toBe(1);
    one.grip.heal();
    await house.until(one, String(bad), 'completed');
  });

  it('takes what comes behind the end of a saga, and keeps the end', async () => {
    const saga = await house.start(one, 'wide');
    const partition = await house.partition(saga);
    await house.puppet.fail({ saga, step: 'a', partition });
    await house.until(one, saga, 'failed');
    await house.puppet.end({ saga, step: 'b', partition });
    const detail = await eventually('the late end is known', async () => {
      const found = await one.coordinator.find(saga);
      return found?.steps.find(({ id }) => id === 'b')?.status === 'completed' ? found : undefined;
    });
    expect(detail).toMatchObject({ status: 'failed', failedStep: 'a' });
    const view = await eventually('the view has it too', async () => {
      const found = await (await house.views('sagas')).get(saga);
      return found?.fields['seq'] === (await house.rows(saga)).length ? found : undefined;
    });
    expect(view.fields).toMatchObject({ status: 'failed', dueAt: null });
  });

  it('does nothing with what is none of its business', async () => {
    const saga = await house.start(one, 'wide');
    const partition = await house.partition(saga);
    await house.puppet.end(
      { saga, step: 'a', partition, type: 'puppet.a.more.v1' },
      ...['a', 'b', 'c', 'd', 'e'].map((step) => ({ saga, step, partition })),
    );
    expect((await house.until(one, saga, 'completed')).sequence).toBe(7);
  });

  it('drops what names no saga', async () => {
    await house.embedded.bus.publish([
      {
        event: { specversion: '1.0', id: 'x', source: '/x', type: 'x.y', aurapartition: 0 },
        to: [{ kind: 'queue', queue: 'aura.tracker.0' }],
      },
    ]);
    await eventually('it is gone', async () =>
      (await house.embedded.bus.depth('aura.tracker.0')) === 0 ? true : undefined,
    );
  });
});
