import { eventually } from '../lab/eventually';
import { BY_TEST, House, puppetDefinition, SAGA_FIELDS } from './house';
import type { Housed } from './house';

describe('what has not ended', () => {
  let house: House;
  let one: Housed;

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one', { reconcileMs: 30, leaseMs: 3_600_000 });
    await house.publish(
      one,
      puppetDefinition('stuck', [
        { id: 'a', failure: { policy: 'suspend' } },
        { id: 'b', dependencies: ['a'] },
      ]),
    );
  });
  afterEach(() => house.close());

  async function suspended(): Promise<string> {
    const saga = await house.start(one, 'stuck');
    await house.puppet.fail({ saga, step: 'a', partition: await house.partition(saga) });
    await house.until(one, saga, 'suspended');
    return saga;
  }

  const told = async (seen: readonly { readonly data?: unknown }[], id: string) =>
    eventually(`${id} is told`, () => seen.find(({ data }) => (data as { readonly id?: string }).id === id));

  it('says what it waits for, until when and who acts, and is overdue only behind that', async () => {
    const saga = await suspended();
    const standing = await one.coordinator.standing(saga);
    expect(standing).toMatchObject({ kind: 'saga', waitingFor: 'a person', owner: 'operators' });
    expect(standing?.why).toContain('is suspended because step a failed');
    expect(await one.coordinator.overdue()).toEqual([]);
    const seen = await house.tap('ai.aura.liveness.overdue.v1.#');
    house.world.pass(25 * 3_600_000);
    expect(await told(seen, saga)).toMatchObject({
      type: 'ai.aura.liveness.overdue.v1',
      correlationid: saga,
      data: { kind: 'saga', owner: 'operators' },
    });
    expect(await one.coordinator.overdue()).toMatchObject([{ kind: 'saga', id: saga }]);
    expect(house.warnings.some(({ message }) => message.startsWith(`overdue: Saga ${saga}`))).toBe(true);
  });

  it('is told again after an hour, and no more once it is mended', async () => {
    const saga = await suspended();
    const seen = await house.tap('ai.aura.liveness.overdue.v1.saga');
    const times = (n: number) =>
      eventually(`it is told ${n} times`, () =>
        seen.filter(({ correlationid }) => correlationid === saga).length === n ? true : undefined,
      );
    house.world.pass(25 * 3_600_000);
    await times(1);
    house.world.pass(3_600_000);
    await times(2);
    await one.coordinator.cancel({ sagaId: saga, actor: BY_TEST });
    expect(await one.coordinator.overdue()).toEqual([]);
    expect(await one.coordinator.standing(saga)).toBeUndefined();
  });

  it('is brought again where a view says less than the journal: its timer is found', async () => {
    const saga = await house.start(one, 'stuck');
    await eventually('its view is written', async () => (await house.views('sagas')).get(saga));
    await loseTime(saga);
    await eventually('it has its time again', async () =>
      (await (await house.views('sagas')).get(saga))?.fields['dueAt'] ? true : undefined,
    );
  });

  it('is brought again as its journal is, where another instance has appended and died unheard', async () => {
    const two = await house.coordinator('two', { leaseMs: 3_600_000 });
    const owned = await eventually('each owns a partition', () =>
      two.coordinator.partitions().length === 1 ? one.coordinator.partitions()[0] : undefined,
    );
    let saga = await house.start(one, 'stuck');
    while ((await house.partition(saga)) !== owned) saga = await house.start(one, 'stuck');
    await eventually('its view is written', async () => (await house.views('sagas')).get(saga));
    two.grip.fail({ call: 'bus.publish', when: 'never', times: 1000 });
    void two.coordinator.cancel({ sagaId: saga, actor: BY_TEST, reason: 'no more wanted' });
    await eventually('it is cancelled', async () => ((await house.rows(saga)).length > 1 ? true : undefined));
    await two.die();
    await loseTime(saga);
    await eventually('its view says what became of it', async () =>
      (await (await house.views('sagas')).get(saga))?.fields['status'] === 'cancelled' ? true : undefined,
    );
  });

  /** Makes the view of a saga one that does not say until when it waits. */
  async function loseTime(saga: string): Promise<void> {
    const views = await house.embedded
      .views('coordinator')
      .open({ name: 'sagas', fields: SAGA_FIELDS, indexes: [] });
    const view = await views.get(saga);
    if (view === undefined) throw new Error('the view is there');
    await views.remove([saga]);
    await views.put([{ ...view, fields: { ...view.fields, dueAt: null } }]);
  }

  /** An event in the list whose queue is gone, and whose time is over. */
  async function lost(saga: string): Promise<void> {
    const since = Date.now() - 400_000;
    const event = {
      specversion: '1.0',
      id: 'lost',
      source: '/elsewhere',
      type: 'puppet.a.done.v1',
      correlationid: saga,
      aurastep: 'a',
    } as const;
    const held = await house.embedded.views('coordinator').open({
      name: 'early_events',
      fields: { saga: 'text', type: 'text', heldSince: 'integer' },
      indexes: [],
    });
    const fields = { saga, type: event.type, heldSince: since };
    await held.put([{ id: '/elsewhere lost', version: 1, fields, body: JSON.stringify(event) }]);
  }

  it('that is an event of a lost queue whose saga is there by now is brought again, and claimed', async () => {
    const seen = await house.tap('ai.aura.liveness.overdue.v1.event');
    await lost(await house.start(one, 'stuck'));
    await told(seen, '/elsewhere lost');
    house.world.pass(361_000);
    const held = await house.views('early_events');
    await eventually('it is claimed', async () =>
      (await held.all('heldSince')).length === 0 ? true : undefined,
    );
    expect(await (await house.views('dead_letters')).all('recordedAt')).toEqual([]);
  });

  it('that is a dead letter of an event nobody claimed is told of once more', async () => {
    await house.puppet.end({ saga: 'nobody', step: 'a', partition: 0, headers: { heldForMs: 300_000 } });
    const letters = await house.views('dead_letters');
    const letter = await eventually('it is a dead letter', async () => (await letters.all('recordedAt'))[0]);
    expect(letter.fields).toMatchObject({ saga: 'nobody', code: 'UNCLAIMED_EVENT' });
    expect(await one.coordinator.unclaimed()).toEqual([]);
    const standing = await one.coordinator.standing(letter.id);
    expect(standing).toMatchObject({ kind: 'dead-letter', waitingFor: 'a person', owner: 'operators' });
    expect(standing?.why).toContain('of saga nobody');
    const seen = await house.tap('ai.aura.liveness.overdue.v1.dead-letter');
    house.world.pass(25 * 3_600_000);
    expect(await told(seen, letter.id)).toMatchObject({ data: { kind: 'dead-letter' } });
  });

  it('that is a definition says who has not bound it yet', async () => {
    house.puppet.isConfirming = false;
    const text = JSON.stringify(puppetDefinition('waiting', [{ id: 'a' }]));
    await one.coordinator.publishDefinition(text, 'house.json', BY_TEST);
    expect(await one.coordinator.standing('waiting@1.0.0')).toMatchObject({
      kind: 'definition',
      waitingFor: 'puppet',
      owner: 'coordinator',
      why: expect.stringContaining('is publishing and waits for puppet to bind it') as string,
    });
    expect(await one.coordinator.standing('stuck@1.0.0')).toBeUndefined();
    expect(await one.coordinator.standing('nothing')).toBeUndefined();
    house.puppet.isConfirming = true;
  });

  it('that is an event nobody claims is listed with its reason, and can be given up', async () => {
    await house.puppet.end({ saga: 'nobody', step: 'a', partition: 0 });
    const [event] = await eventually('it is listed', async () => {
      const all = await one.coordinator.unclaimed();
      return all.length > 0 ? all : undefined;
    });
    if (event === undefined) throw new Error('it is listed');
    expect(event).toMatchObject({ type: 'puppet.a.done.v1', source: '/aura/puppet', correlation: 'nobody' });
    expect(Date.parse(event.until) - Date.parse(event.since)).toBe(300_000);
    expect(event.why).toContain('names saga nobody, which nobody has started');
    const { source, id } = event;
    expect(await one.coordinator.standing(`${source} ${id}`)).toMatchObject({
      kind: 'event',
      waitingFor: 'saga nobody',
      owner: 'coordinator',
    });
    const drop = { source, id, actor: BY_TEST, reason: 'nobody wants it' };
    expect(await one.coordinator.dropUnclaimed(drop)).toEqual(event);
    expect(await one.coordinator.dropUnclaimed(drop)).toBeUndefined();
    expect(await one.coordinator.unclaimed()).toEqual([]);
    const held = await house.views('early_events');
    await eventually('it is dropped when it comes', async () =>
      (await held.all('heldSince')).length === 0 ? true : undefined,
    );
    expect(await (await house.views('dead_letters')).all('recordedAt')).toEqual([]);
  });

  it('cannot be told while the bus is away, and is told later', async () => {
    const saga = await suspended();
    const seen = await house.tap('ai.aura.liveness.overdue.v1.saga');
    const isTold = ([messages]: readonly unknown[]): boolean =>
      JSON.stringify(messages).includes('liveness.overdue');
    one.grip.fail({ call: 'bus.publish', when: 'before', matches: isTold });
    house.world.pass(25 * 3_600_000);
    expect(await told(seen, saga)).toBeDefined();
    expect(
      house.warnings.some(({ message }) => message.startsWith('what is overdue could not be looked for')),
    ).toBe(true);
  });
});
