import { definitionReleased, definitionUnbound } from '@aura/contracts';
import type { CloudEvent, DefinitionSummary, JsonValue } from '@aura/contracts';
import { EVENTS_EXCHANGE, STEPS_EXCHANGE, UnroutableError } from '@aura/messaging';
import { someEvent } from '@aura/messaging/testing';
import { eventually } from '../lab/eventually';
import { Grip } from './grip';
import { BY_TEST, House, puppetDefinition } from './house';
import type { Housed } from './house';
import { Puppet, puppetAction } from './puppet';

const ON = 'shop.order.placed.v1';
const DONE_KEY = 'puppet.a.done.v1.single';

describe('a definition that is retired', () => {
  let house: House;
  let one: Housed;
  let shown: readonly CloudEvent[];
  let told: readonly CloudEvent[];
  const single = puppetDefinition('single', [{ id: 'a' }], { triggers: [{ on: ON }] });
  const second = { ...(single as object), version: '2.0.0', output: { by: 'steps.a.output.by' } };

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one');
    await house.publish(one, single);
    told = await house.tap('ai.aura.definition.retired.#');
    shown = await house.tap('puppet.#');
  });
  afterEach(() => house.close());

  async function retire(version?: string, by = one): Promise<readonly DefinitionSummary[]> {
    const request = { definition: 'single', actor: BY_TEST, ...(version === undefined ? {} : { version }) };
    const retired = await by.coordinator.retireDefinition(request);
    if (!retired.ok) throw new Error(retired.error.message);
    return retired.value;
  }

  const released = (): readonly JsonValue[] =>
    house.puppet.received.flatMap(({ event }) =>
      event.ok && event.value.type === definitionReleased.type ? [event.value.data as JsonValue] : [],
    );

  /** Whether an order would still reach the coordinator. */
  async function isTriggerBound(): Promise<boolean> {
    const to = [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: ON, mandatory: true }] as const;
    // Of an active definition it would start a saga, so the event says that it is none of its business.
    return house.embedded.bus.publish([{ event: someEvent('probe', { type: 'none.v1' }), to }]).then(
      () => true,
      (error: unknown) => {
        if (error instanceof UnroutableError) return false;
        throw error;
      },
    );
  }

  /** Whether the public face shows a step event. */
  async function isShown(): Promise<boolean> {
    const { bus } = house.embedded;
    const id = `probe-${String(shown.length)}-${String(Math.random())}`;
    const marker = { ...someEvent(`${id}-behind`), to: undefined };
    await bus.publish([
      { event: someEvent(id), to: [{ kind: 'exchange', exchange: STEPS_EXCHANGE, key: DONE_KEY }] },
      {
        event: someEvent(marker.id),
        to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: 'puppet.marker' }],
      },
    ]);
    await eventually('the marker comes', () => shown.find((event) => event.id === marker.id));
    return shown.some((event) => event.id === id);
  }

  const isUnbound = (): Promise<true> =>
    eventually('nothing is bound', async () =>
      (await isTriggerBound()) || (await isShown()) ? undefined : true,
    );

  const standing = async (version = '1.0.0', by = one): Promise<DefinitionSummary | undefined> =>
    (await by.coordinator.definitions()).find((known) => known.version === version);

  const isRecordedCleared = async (): Promise<true | undefined> => {
    const rows = await house.embedded.journal('coordinator').read('definition/single@1.0.0');
    return rows.some(({ body }) => body.includes('"cleared"')) ? true : undefined;
  };

  const confirm = (digest: string, version = '1.0.0'): Promise<void> =>
    house.puppet.tell(definitionUnbound.type, { digest, definition: 'single', version });

  it('takes no more sagas, lets those under way go on, and is unbound behind the last', async () => {
    const saga = await house.start(one, 'single');
    const [retired] = await retire();
    expect(retired).toMatchObject({ status: 'retired', waitsFor: [] });
    await eventually('it is told', () => (told.length > 0 ? true : undefined));
    expect(told[0]).toMatchObject({ id: 'definition/single@1.0.0/retired', data: { version: '1.0.0' } });
    expect(await one.coordinator.start({ workflow: 'single', input: {}, actor: BY_TEST })).toMatchObject({
      ok: false,
      error: { code: 'NOT_ACTIVE', message: 'workflow single is retired and takes no more sagas' },
    });
    house.world.pass(10_000);
    expect([await isTriggerBound(), await isShown(), released()]).toEqual([true, true, []]);
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    await house.until(one, saga, 'completed');
    await isUnbound();
    const [release] = await eventually('puppet is asked', () =>
      released().length > 0 ? released() : undefined,
    );
    expect(release).toMatchObject({ digest: retired?.digest, plan: expect.stringContaining('"single"') });
    expect((await standing())?.waitsFor).toEqual(['puppet']);
    await confirm(retired?.digest ?? '');
    await eventually('it has confirmed', async () =>
      (await standing())?.waitsFor.length === 0 ? true : undefined,
    );
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  });

  it('does not start what an event triggers, also when the event was under way', async () => {
    await retire();
    const event = someEvent('order', { type: ON, data: {} });
    const to = [{ kind: 'queue', queue: 'aura.ingress' }] as const;
    await house.embedded.bus.publish([{ event, to }]);
    await eventually('the event is taken', async () =>
      (await house.embedded.bus.depth('aura.ingress')) === 0 ? true : undefined,
    );
    expect(await (await house.views('sagas')).all('startedAt')).toEqual([]);
  });

  it('leaves to another version what that one needs as well', async () => {
    await house.publish(one, second);
    expect((await retire('1.0.0')).map(({ version }) => version)).toEqual(['1.0.0']);
    await eventually('puppet is asked', () => (released().length > 0 ? true : undefined));
    expect([await isTriggerBound(), await isShown()]).toEqual([true, true]);
    const saga = await house.start(one, 'single');
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    await house.until(one, saga, 'completed');
    expect((await retire()).map(({ version, status }) => [version, status])).toEqual([
      ['1.0.0', 'retired'],
      ['2.0.0', 'retired'],
    ]);
    await isUnbound();
  });

  it.each(['journal.append', 'bus.unbind', 'bus.publish'])(
    'is unbound by the next coordinator when the one before died at %s',
    async (call) => {
      const grip = new Grip();
      const two = await house.coordinator('two', {}, grip);
      await one.stop();
      await retire(undefined, two);
      const isAboutIt = (args: readonly unknown[]): boolean =>
        call === 'bus.unbind' ||
        /definition.released|kind.{1,5}(released|cleared)/.test(JSON.stringify(args));
      grip.fail({ call, when: 'before', times: 1000, matches: isAboutIt });
      await eventually('it fails', () => (grip.hits > 0 ? true : undefined));
      await two.die();
      one = await house.coordinator('one');
      await isUnbound();
      await eventually('puppet is asked', () => (released().length > 0 ? true : undefined));
    },
  );

  it('is forgotten by every instance that might bind it again', async () => {
    const grip = new Grip();
    const two = await house.coordinator('two', {}, grip);
    await retire();
    await isUnbound();
    await eventually('the other one unbinds it too', () => (grip.calls('bus.unbind') > 0 ? true : undefined));
    const calls = grip.calls('bus.unbind');
    await two.stop();
    const third = new Grip();
    await house.coordinator('three', {}, third);
    await eventually('it looks at them', () =>
      third.calls('views.definitions.find') > 2 ? true : undefined,
    );
    expect([calls, third.calls('bus.unbind'), third.calls('bus.bind')]).toEqual([1, 0, 0]);
  });

  it('is told of again to a participant that still has it, or has not confirmed', async () => {
    const [retired] = await retire();
    await eventually('puppet is asked', () => (released().length === 1 ? true : undefined));
    await confirm(retired?.digest ?? '');
    await confirm(`sha256:${'0'.repeat(64)}`);
    await eventually('it has confirmed', async () =>
      (await standing())?.waitsFor.length === 0 ? true : undefined,
    );
    // The puppet never forgets a plan.
    await house.puppet.announce();
    await eventually('puppet is asked again', () => (released().length === 2 ? true : undefined));
    const rows = await house.embedded.journal('coordinator').read('definition/single@1.0.0');
    await confirm(retired?.digest ?? '');
    await eventually('all is heard', async () =>
      (await house.embedded.bus.depth('aura.coordinator')) === 0 ? true : undefined,
    );
    expect(await house.embedded.journal('coordinator').head('definition/single@1.0.0')).toBe(rows.length);
  });

  it('stays retired: it can be retired again, and not be published again', async () => {
    const first = await retire();
    expect((await retire()).map(({ digest, status }) => [digest, status])).toEqual(
      first.map(({ digest, status }) => [digest, status]),
    );
    const again = await one.coordinator.publishDefinition(JSON.stringify(single), 'x.json', BY_TEST);
    expect(again).toMatchObject({ ok: false, error: [{ code: 'VERSION_RETIRED', path: 'version' }] });
    await house.publish(one, second);
    expect((await standing('2.0.0'))?.status).toBe('active');
  });

  it('must be there', async () => {
    for (const request of [{ definition: 'nothing' }, { definition: 'single', version: '7.0.0' }])
      expect(await one.coordinator.retireDefinition({ ...request, actor: BY_TEST })).toMatchObject({
        ok: false,
        error: { code: 'UNKNOWN_DEFINITION', message: expect.stringContaining(request.definition) },
      });
  });

  it('is told by the next coordinator when the one before died behind its row', async () => {
    const grip = new Grip();
    const two = await house.coordinator('two', {}, grip);
    await one.stop();
    const isTelling = (args: readonly unknown[]): boolean =>
      JSON.stringify(args).includes('definition.retired');
    grip.fail({ call: 'bus.publish', when: 'before', matches: isTelling });
    await expect(retire(undefined, two)).rejects.toThrow('made to fail');
    await two.die();
    expect(told).toEqual([]);
    one = await house.coordinator('one');
    house.world.pass(2000);
    await eventually('it is told', () => (told.length > 0 ? true : undefined));
    expect(told[0]?.id).toBe('definition/single@1.0.0/retired');
  });

  it('keeps what a version needs that another instance published while this one unbound', async () => {
    const two = await house.coordinator('two');
    // What the other one writes is seen here only once it is too late.
    one.grip.answer('views.definitions.find', []);
    let isPublished = false;
    one.grip.fail({
      call: 'bus.unbind',
      when: 'before',
      times: 1000,
      matches: () => {
        if (isPublished) one.grip.heal();
        return !isPublished;
      },
    });
    await retire();
    await house.publish(two, second);
    isPublished = true;
    await eventually('it is released', () => (released().length > 0 ? true : undefined));
    await eventually('it is bound', async () => ((await isTriggerBound()) ? true : undefined));
    const saga = await house.start(two, 'single');
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    await house.until(two, saga, 'completed');
    expect(await isShown()).toBe(true);
  });

  it('is unbound by an instance that hears of it only when all the others are done', async () => {
    const grip = new Grip();
    await house.coordinator('two', {}, grip);
    grip.fail({ call: 'views.definitions.find', when: 'before', times: 100_000 });
    await retire();
    await eventually('it is cleared', isRecordedCleared);
    expect(grip.calls('bus.unbind')).toBe(0);
    grip.heal();
    await eventually('the other one unbinds it too', () => (grip.calls('bus.unbind') > 0 ? true : undefined));
  });

  it('asks nobody again once all have confirmed, although that could not be recorded', async () => {
    const isCleared = (args: readonly unknown[]): boolean => JSON.stringify(args).includes('cleared');
    one.grip.fail({ call: 'journal.append', when: 'before', times: 100_000, matches: isCleared });
    const [retired] = await retire();
    await eventually('puppet is asked', () => (released().length > 0 ? true : undefined));
    await confirm(retired?.digest ?? '');
    await eventually('it has confirmed', async () =>
      (await standing())?.waitsFor.length === 0 ? true : undefined,
    );
    const failures = one.grip.hits;
    await eventually('it was tried again', () => (one.grip.hits > failures + 1 ? true : undefined));
    const asked = released().length;
    one.grip.heal();
    await eventually('it is cleared', isRecordedCleared);
    expect(released()).toHaveLength(asked);
  });

  it('is none of the business of a participant that comes without it when all have confirmed', async () => {
    const [retired] = await retire();
    await eventually('puppet is asked', () => (released().length === 1 ? true : undefined));
    await confirm(retired?.digest ?? '');
    await eventually('it has confirmed', async () =>
      (await standing())?.waitsFor.length === 0 ? true : undefined,
    );
    await new Puppet(house.embedded.bus, 'puppet', [puppetAction('a')]).announce();
    await eventually('all is heard', async () =>
      (await house.embedded.bus.depth('aura.coordinator')) === 0 ? true : undefined,
    );
    await house.publish(one, second);
    expect(released()).toHaveLength(1);
  });
});
