import type { SagaQuery } from '@aura/saga';
import { eventually } from '../lab/eventually';
import { BY_TEST, House, puppetDefinition } from './house';
import type { Housed } from './house';

describe('the list of sagas', () => {
  let house: House;
  let one: Housed;
  const ids: string[] = [];

  beforeAll(async () => {
    house = await House.open();
    one = await house.coordinator('one');
    await house.publish(one, puppetDefinition('red', [{ id: 'a' }]));
    await house.publish(one, puppetDefinition('blue', [{ id: 'a' }]));
    for (let n = 0; n < 12; n++)
      ids.push(await house.start(one, n % 2 ? 'red' : 'blue', { userId: `u${n % 3}` }));
    await one.coordinator.cancel({ sagaId: ids[0] ?? '', actor: BY_TEST });
    const last = ids[11] ?? '';
    await house.puppet.end({ saga: last, step: 'a', partition: await house.partition(last) });
    await house.until(one, last, 'completed');
    await eventually('its view says so', async () =>
      (await one.coordinator.list({ status: ['completed'], limit: 1 })).sagas.length > 0 ? true : undefined,
    );
  });

  afterAll(() => house.close());

  async function all(query: Partial<SagaQuery>, limit: number): Promise<readonly string[]> {
    const found: string[] = [];
    let after: SagaQuery['after'];
    do {
      const page = await one.coordinator.list({ ...query, limit, ...(after === undefined ? {} : { after }) });
      expect(page.sagas.length).toBeLessThanOrEqual(limit);
      found.push(...page.sagas.map(({ sagaId }) => sagaId));
      after = page.next;
    } while (after !== undefined);
    return found;
  }

  it('is newest first, and its pages lose nothing and repeat nothing', async () => {
    const whole = await all({}, 200);
    expect([...whole].sort()).toEqual([...ids].sort());
    const { sagas } = await one.coordinator.list({ limit: 200 });
    const times = sagas.map(({ startedAt }) => startedAt);
    expect(times).toEqual([...times].sort().reverse());
    for (const limit of [1, 5, 11, 12]) expect(await all({}, limit)).toEqual(whole);
  });

  it('names what there is to say of each', async () => {
    const [completed] = (await one.coordinator.list({ status: ['completed'], limit: 5 })).sagas;
    expect(completed).toEqual({
      sagaId: ids[11],
      workflow: 'red',
      version: '1.0.0',
      status: 'completed',
      userId: 'u2',
      startedAt: expect.stringMatching(/Z$/) as string,
      endedAt: expect.stringMatching(/Z$/) as string,
    });
  });

  it('is filtered by workflow, user and states, each and together, over pages', async () => {
    expect(await all({ workflow: 'red' }, 2)).toHaveLength(6);
    expect(await all({ userId: 'u1' }, 3)).toHaveLength(4);
    expect(await all({ workflow: 'blue', userId: 'u0' }, 1)).toHaveLength(2);
    expect([...(await all({ status: ['cancelled', 'completed', 'cancelled'] }, 1))].sort()).toEqual(
      [ids[0] ?? '', ids[11] ?? ''].sort(),
    );
    expect(await all({ status: ['running'] }, 4)).toHaveLength(10);
    expect(await all({ status: ['failed'] }, 4)).toEqual([]);
    expect(await all({ workflow: 'nope' }, 4)).toEqual([]);
  });

  it('is cut by the time of the start: from then on, and before then', async () => {
    const { sagas } = await one.coordinator.list({ limit: 200 });
    const at = Date.parse(sagas[4]?.startedAt ?? '');
    const later = await all({ from: at }, 3);
    const earlier = await all({ to: at }, 3);
    expect([...later, ...earlier]).toEqual(sagas.map(({ sagaId }) => sagaId));
    expect(later).toContain(sagas[4]?.sagaId);
    expect(await all({ from: at, to: at }, 3)).toEqual([]);
  });
});

describe('templates', () => {
  it('are those of the versions that a start gets, and say for whom they wait', async () => {
    const house = await House.open();
    const one = await house.coordinator('one');
    await house.publish(one, puppetDefinition('red', [{ id: 'a' }], { example: { x: 1 } }));
    await house.publish(one, puppetDefinition('red', [{ id: 'a' }], { version: '1.1.0', example: { x: 2 } }));
    house.puppet.isConfirming = false;
    const waiting = JSON.stringify(puppetDefinition('blue', [{ id: 'b' }]));
    await one.coordinator.publishDefinition(waiting, 'blue.json', BY_TEST);
    const input = { type: 'object', additionalProperties: true };
    const outputOf = (step: string) => ({
      type: 'object',
      properties: { [step]: { type: 'object', additionalProperties: true } },
      required: [step],
      additionalProperties: false,
    });
    expect(await one.coordinator.templates()).toEqual([
      {
        workflow: 'blue',
        version: '1.0.0',
        name: 'blue',
        description: '',
        waitsFor: ['puppet'],
        input,
        output: outputOf('b'),
        example: {},
      },
      {
        workflow: 'red',
        version: '1.1.0',
        name: 'red',
        description: '',
        waitsFor: [],
        input,
        output: outputOf('a'),
        example: { x: 2 },
      },
    ]);
    await house.close();
  });
});

describe('sagas that started in one millisecond', () => {
  it('have an order of their own, the same on every page', async () => {
    const house = await House.open();
    try {
      const one = await house.coordinator('one');
      await house.publish(one, puppetDefinition('red', [{ id: 'a' }]));
      const ids = await Promise.all(Array.from({ length: 20 }, () => house.start(one, 'red')));
      const whole = (await one.coordinator.list({ limit: 200 })).sagas.map(({ sagaId }) => sagaId);
      expect([...whole].sort()).toEqual([...ids].sort());
      const first = await one.coordinator.list({ limit: 7 });
      const rest = await one.coordinator.list({ limit: 200, ...(first.next ? { after: first.next } : {}) });
      expect([...first.sagas, ...rest.sagas].map(({ sagaId }) => sagaId)).toEqual(whole);
    } finally {
      await house.close();
    }
  });
});
