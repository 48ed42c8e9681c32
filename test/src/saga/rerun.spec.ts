import { stepUndone } from '@aura/contracts';
import { eventually } from '../lab/eventually';
import { BY_TEST, House, puppetDefinition } from './house';
import type { Housed } from './house';

describe('running a saga again from a step', () => {
  let house: House;
  let one: Housed;
  let two: Housed;

  beforeAll(async () => {
    house = await House.open();
    one = await house.coordinator('one');
    two = await house.coordinator('two');
    await house.publish(one, puppetDefinition('row', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }]));
    await house.publish(
      one,
      puppetDefinition('booked', [{ id: 'book' }, { id: 'a', dependencies: ['book'] }]),
    );
    await house.publish(
      one,
      puppetDefinition('stuck', [
        { id: 'a', failure: { policy: 'suspend' } },
        { id: 'b', dependencies: ['a'] },
      ]),
    );
  });

  afterAll(() => house.close());
  afterEach(() => [one, two].forEach(({ grip }) => grip.heal()));

  const rerun = ({ coordinator }: Housed, sagaId: string, from: string) =>
    coordinator.rerun({ sagaId, from, actor: BY_TEST, reason: 'the picture was wrong' });

  async function completed(workflow: string, ...steps: readonly string[]) {
    const saga = await house.start(one, workflow);
    const own = { saga, partition: await house.partition(saga) };
    await house.puppet.end(...steps.map((step) => ({ ...own, step })));
    await house.until(one, saga, 'completed');
    return own;
  }

  const triggersOf = (saga: string, run: number) =>
    house.puppet.received.flatMap(({ event, headers }) =>
      event.ok && event.value.correlationid === saga && event.value.aurarun === run
        ? [{ ...event.value, headers }]
        : [],
    );

  it('opens it again, asks its step in the new run, and ends it by what that brings', async () => {
    const own = await completed('row', 'a', 'b');
    const seen = await house.tap('ai.aura.saga.rerun.v1.row');
    expect(await rerun(two, own.saga, 'b')).toMatchObject({ ok: true, value: { status: 'running', run: 2 } });
    const [trigger] = await eventually('b is asked for', () => {
      const all = triggersOf(own.saga, 2);
      return all.length > 0 ? all : undefined;
    });
    expect(trigger).toMatchObject({ id: `${own.saga}/2/a/1/puppet.a.done.v1`, headers: { targets: ['b'] } });
    const view = await (await house.views('sagas')).get(own.saga);
    expect(view?.fields).toMatchObject({ status: 'running', endedAt: null });
    await house.puppet.end({ ...own, step: 'b', run: 2, data: { output: { by: 'run 2' } } });
    const over = await house.until(one, own.saga, 'completed');
    expect(over).toMatchObject({ run: 2, output: { b: { by: 'run 2' } } });
    expect(
      await eventually('it is told', () => seen.find(({ correlationid }) => correlationid === own.saga)),
    ).toMatchObject({
      data: { run: 2, from: 'b', by: 'tester', reason: 'the picture was wrong' },
    });
  });

  it('undoes first what is applied, and is refused meanwhile', async () => {
    const own = await completed('booked', 'book', 'a');
    expect(await one.coordinator.planRerun(own.saga, 'book')).toMatchObject({
      undo: [{ step: 'book', run: 1 }],
      again: ['book', 'a'],
    });
    expect(await rerun(one, own.saga, 'book')).toMatchObject({
      ok: true,
      value: { status: 'compensating', run: 1 },
    });
    expect(await rerun(two, own.saga, 'book')).toMatchObject({ ok: false, error: { code: 'CANNOT_RERUN' } });
    expect(await two.coordinator.cancel({ sagaId: own.saga, actor: BY_TEST })).toMatchObject({
      ok: false,
      error: {
        code: 'SAGA_GIVEN_UP',
        message: expect.stringContaining('to go on again from step book') as string,
      },
    });
    await house.puppet.end({ ...own, step: 'book', type: stepUndone.type, data: { undo: 'undo-book' } });
    await house.until(one, own.saga, 'running');
    await eventually('it starts anew', () =>
      triggersOf(own.saga, 2).find(({ type }) => type === 'ai.aura.saga.started.v1'),
    );
  });

  it('is heard of by the instance that tracks it, whoever began it', async () => {
    const saga = await house.start(one, 'stuck');
    const own = { saga, partition: await house.partition(saga) };
    await house.puppet.fail({ ...own, step: 'a' });
    await house.until(one, saga, 'suspended');
    // One of the two has the suspended saga in memory, and hears of the new run by its first end.
    const other = one.coordinator.partitions().includes(own.partition) ? two : one;
    expect(await rerun(other, saga, 'a')).toMatchObject({ ok: true, value: { run: 2 } });
    await house.puppet.end({ ...own, step: 'a', run: 2 }, { ...own, step: 'b', run: 2 });
    expect(await house.until(one, saga, 'completed')).toMatchObject({ run: 2 });
  });

  it('happens once, however many ask at once', async () => {
    const own = await completed('row', 'a', 'b');
    const all = await Promise.all([one, two, one, two].map((housed) => rerun(housed, own.saga, 'a')));
    expect(all.some(({ ok }) => ok)).toBe(true);
    expect(await one.coordinator.find(own.saga)).toMatchObject({ run: 2 });
    const rows = await house.rows(own.saga);
    expect(rows.filter(({ body }) => body.includes('"runBegan"'))).toHaveLength(1);
  });

  it('that cannot be told at once is told later', async () => {
    const own = await completed('row', 'a', 'b');
    const isRerun = ([messages]: readonly unknown[]): boolean =>
      JSON.stringify(messages).includes(`${own.saga}/2/a`);
    one.grip.fail({ call: 'bus.publish', when: 'before', matches: isRerun });
    expect(await rerun(one, own.saga, 'b')).toMatchObject({ ok: true });
    await eventually('b is asked for', () => (triggersOf(own.saga, 2).length > 0 ? true : undefined));
  });

  it('is refused for one whose definition is bound no more, and for one that nobody holds', async () => {
    await house.publish(one, puppetDefinition('short', [{ id: 'a' }]));
    const own = await completed('short', 'a');
    await one.coordinator.retireDefinition({ definition: 'short', actor: BY_TEST });
    const why = expect.stringContaining('short 1.0.0 is retired') as string;
    expect(await one.coordinator.planRerun(own.saga, 'a')).toMatchObject({ refusal: why });
    expect(await rerun(one, own.saga, 'a')).toMatchObject({ ok: false, error: { message: why } });
    expect(await rerun(one, 'nobody', 'a')).toMatchObject({ ok: false, error: { code: 'UNKNOWN_SAGA' } });
    expect(await one.coordinator.planRerun('nobody', 'a')).toBeUndefined();
  });
});
