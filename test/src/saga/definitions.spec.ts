import { definitionBound, planRequested } from '@aura/contracts';
import type { JsonValue } from '@aura/contracts';
import { COORDINATOR_QUEUE } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { Grip } from './grip';
import { BY_TEST, House, puppetDefinition } from './house';
import type { Housed } from './house';
import { Puppet, puppetAction } from './puppet';

describe('definitions', () => {
  let house: House;
  let one: Housed;
  const single = puppetDefinition('single', [{ id: 'a' }]);

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one');
  });

  afterEach(() => house.close());

  async function publish(definition: JsonValue, by = one) {
    await eventually('the action is known', async () => {
      const problems = await by.coordinator.checkDefinition(JSON.stringify(definition), 'x.json');
      return problems.length === 0 ? true : undefined;
    });
    const published = await by.coordinator.publishDefinition(JSON.stringify(definition), 'x.json', BY_TEST);
    if (!published.ok) throw new Error(JSON.stringify(published.error));
    return published.value;
  }

  function isActive(housed: Housed, id = 'single'): Promise<true> {
    return eventually(`${id} is active`, async () => {
      const all = await housed.coordinator.definitions();
      return all.some((known) => known.id === id && known.status === 'active') ? true : undefined;
    });
  }

  it('wait for every participant, say for whom, and become active with the last confirmation', async () => {
    house.puppet.isConfirming = false;
    const told = await house.tap('ai.aura.definition.activated.#');
    expect(await publish(single)).toMatchObject({ status: 'publishing', waitsFor: ['puppet'] });
    const start = { workflow: 'single', input: {}, actor: BY_TEST };
    expect(await one.coordinator.start(start)).toMatchObject({
      ok: false,
      error: { code: 'NOT_ACTIVE', message: 'workflow single waits for its participants: puppet' },
    });
    house.puppet.isConfirming = true;
    await house.puppet.announce();
    await isActive(one);
    await eventually('it is told', () => (told.length === 1 ? true : undefined));
    expect((await one.coordinator.start(start)).ok).toBe(true);
  });

  it('are offered to a participant that comes later', async () => {
    const late = new Puppet(house.embedded.bus, 'late', [puppetAction('far')]);
    late.isConfirming = false;
    await late.start();
    const far = puppetDefinition('far_away', [{ id: 'far' }]);
    expect((await publish(far)).status).toBe('publishing');
    await late.stop();
    const again = new Puppet(house.embedded.bus, 'late', [puppetAction('far')]);
    await again.start();
    await isActive(one, 'far_away');
    expect(one.coordinator.participants()).toEqual(['late', 'puppet']);
    await again.stop();
  });

  it('answer the same when they are published again, and refuse another content under the same version', async () => {
    const { until, ...first } = await publish(single);
    expect(Date.parse(until ?? '')).toBeGreaterThan(house.world.clock.now() + 14 * 60_000);
    await isActive(one);
    expect(await publish(single)).toEqual({ ...first, status: 'active', waitsFor: [] });
    const other = puppetDefinition('single', [{ id: 'b' }]);
    expect(await one.coordinator.publishDefinition(JSON.stringify(other), 'x.json', BY_TEST)).toMatchObject({
      ok: false,
      error: [{ code: 'VERSION_TAKEN', path: 'version', file: 'x.json' }],
    });
    expect(await one.coordinator.publishDefinition('id: 3', 'x.yaml', BY_TEST)).toMatchObject({ ok: false });
  });

  it('stand side by side: a saga keeps its version, a start gets the newest', async () => {
    await publish(single);
    await isActive(one);
    const old = await house.start(one, 'single');
    await house.publish(one, {
      ...(single as object),
      version: '1.10.0',
      output: { by: 'steps.a.output.by' },
    });
    await house.publish(one, {
      ...(single as object),
      version: '1.9.0',
      output: { nine: 'steps.a.output.by' },
    });
    const young = await house.start(one, 'single');
    const pinned = await house.start(one, 'single', { version: '1.9.0' });
    for (const saga of [old, young, pinned])
      await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    expect((await house.until(one, old, 'completed')).output).toEqual({ a: { by: 'a' } });
    expect((await house.until(one, young, 'completed')).output).toEqual({ by: 'a' });
    expect((await house.until(one, pinned, 'completed')).output).toEqual({ nine: 'a' });
    expect((await one.coordinator.definitions()).map(({ version }) => version)).toEqual([
      '1.0.0',
      '1.9.0',
      '1.10.0',
    ]);
    expect(
      await one.coordinator.start({ workflow: 'single', version: '7.0.0', input: {}, actor: BY_TEST }),
    ).toMatchObject({
      ok: false,
      error: { code: 'UNKNOWN_WORKFLOW', message: 'there is no workflow single 7.0.0' },
    });
  });

  it('are provided to whoever asks for a plan by digest; an unknown one is not answered', async () => {
    const { digest } = await publish(single);
    await isActive(one);
    const replyTo = 'aura.participant.puppet';
    await house.puppet.tell(planRequested.type, { digest: `sha256:${'0'.repeat(64)}`, replyTo });
    await house.puppet.tell(planRequested.type, { digest, replyTo });
    const provided = await eventually('the plan comes', () =>
      house.puppet.received.find(({ event }) => event.ok && event.value.type === 'ai.aura.plan.provided.v1'),
    );
    expect(provided.event.ok && provided.event.value.data).toMatchObject({ digest, definition: 'single' });
    expect(house.puppet.received).toHaveLength(1);
  });

  it('are there for every instance, and confirmed by it too', async () => {
    const two = await house.coordinator('two');
    await publish(single, two);
    await isActive(one);
    const saga = await house.start(one, 'single');
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    await house.until(two, saga, 'completed');
  });

  it('take sagas at every instance the moment they are active', async () => {
    const two = await house.coordinator('two');
    const start = { workflow: 'single', input: {}, actor: BY_TEST };
    await publish(puppetDefinition('other', [{ id: 'b' }]), two);
    for (let round = 0; round < 5; round++) {
      const version = `1.0.${String(round)}`;
      await house.publish(two, { ...(single as object), version });
      expect(await one.coordinator.start({ ...start, version })).toMatchObject({ ok: true });
    }
  });

  it('are rebuilt from their journals when their views are gone', async () => {
    await publish(single);
    await isActive(one);
    const views = await house.views('definitions');
    const isTold = ({ body }: { readonly body: string }): boolean => body.includes('"told":"active"');
    const before = await eventually('the activation is told', async () => {
      const all = await views.all('publishedAt');
      return all.every(isTold) ? all : undefined;
    });
    const saga = await house.start(one, 'single');
    await one.stop();
    await views.remove(before.map(({ id }) => id));
    one = await house.coordinator('one');
    expect(await views.all('publishedAt')).toEqual(before);
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    await house.until(one, saga, 'completed');
  });

  it('that were confirmed by all and not yet active go on with the next coordinator', async () => {
    const grip = new Grip();
    const two = await house.coordinator('two', {}, grip);
    await one.stop();
    house.puppet.isConfirming = false;
    const { digest } = await publish(single, two);
    const isActivation = ([rows]: readonly unknown[]): boolean => JSON.stringify(rows).includes('activated');
    grip.fail({ call: 'journal.append', when: 'before', times: 100, matches: isActivation });
    await house.puppet.tell(definitionBound.type, { digest, definition: 'single', version: '1.0.0' });
    await eventually('the activation fails', () => (grip.hits > 0 ? true : undefined));
    await two.die();
    one = await house.coordinator('one');
    await isActive(one);
  });

  it('are found page by page', async () => {
    await publish(single);
    await isActive(one);
    const journal = house.embedded.journal('coordinator');
    const [row] = await journal.read('definition/single@1.0.0');
    if (row === undefined) throw new Error('there is no row');
    const names = Array.from({ length: 401 }, (_, n) => `copy_${String(n)}`);
    await journal.append(
      names.map((name, n) => ({
        ...row,
        stream: `definition/${name}@1.0.0`,
        body: row.body
          .replaceAll('"definition":"single"', `"definition":"${name}"`)
          .replace(/sha256:[0-9a-f]{64}/, `sha256:${String(n).padStart(64, '0')}`),
      })),
    );
    house.puppet.isConfirming = false;
    const two = await house.coordinator('two');
    expect(await two.coordinator.definitions()).toHaveLength(402);
    expect(await one.coordinator.definitions()).toHaveLength(402);
  });

  it('that nobody has published are not bound by a word of a participant', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    await house.puppet.tell(definitionBound.type, { digest, definition: 'nothing', version: '1.0.0' });
    await publish(single);
    await isActive(one);
    expect((await one.coordinator.definitions()).map(({ id }) => id)).toEqual(['single']);
    expect(house.warnings).toEqual([]);
  });

  it('take a lost sequence as a reason to look again', async () => {
    const two = await house.coordinator('two');
    const texts = JSON.stringify(single);
    await publish(puppetDefinition('other', [{ id: 'b' }]));
    await publish(puppetDefinition('other_two', [{ id: 'b' }]), two);
    const all = await Promise.all(
      [one, two, one, two].map(({ coordinator }) => coordinator.publishDefinition(texts, 'x.json', BY_TEST)),
    );
    expect(new Set(all.map((done) => done.ok && done.value.digest)).size).toBe(1);
    await isActive(one);
    const rows = await eventually('it is told', async () => {
      const all = await house.embedded.journal('coordinator').read('definition/single@1.0.0');
      return all.length === 4 ? all : undefined;
    });
    expect(rows.map(({ body }) => (JSON.parse(body) as { readonly kind: string }).kind)).toEqual([
      'published',
      'bound',
      'activated',
      'told',
    ]);
  });

  it('that this version cannot compile do not hide the others', async () => {
    await publish(single);
    await isActive(one);
    const journal = house.embedded.journal('coordinator');
    const [row] = await journal.read('definition/single@1.0.0');
    if (row === undefined) throw new Error('there is no row');
    const body = row.body
      .replaceAll('"definition":"single"', '"definition":"broken"')
      .replace('"successCriteria":[]', '"successCriteria":["((("]')
      .replace(/sha256:[0-9a-f]{64}/, `sha256:${'1'.repeat(64)}`);
    await journal.append([{ ...row, stream: 'definition/broken@1.0.0', body }]);
    await one.stop();
    one = await house.coordinator('one');
    expect((await one.coordinator.definitions()).map(({ id }) => id)).toEqual(['single']);
    expect(house.warnings.map(({ message }) => message)).toContain('definition broken 1.0.0 cannot be used');
  });

  it('are not performed by a participant that takes the name of the coordinator: its word is a dead letter', async () => {
    const other = new Puppet(house.embedded.bus, 'coordinator', [puppetAction('far')]);
    await other.announce();
    const letters = await house.views('dead_letters');
    const letter = await eventually('it is a dead letter', async () => (await letters.all('recordedAt'))[0]);
    expect(letter.fields).toMatchObject({ code: 'RESERVED_NAME' });
    const far = JSON.stringify(puppetDefinition('far_away', [{ id: 'far' }]));
    expect(await one.coordinator.checkDefinition(far, 'x.json')).toMatchObject([{ code: 'UNKNOWN_ACTION' }]);
  });

  it('hear of a word that is none as a dead letter, at once', async () => {
    await house.puppet.tell(planRequested.type, { digest: 'no digest' });
    await house.puppet.tell('ai.aura.saga.started.v1', {});
    const letters = await house.views('dead_letters');
    const letter = await eventually('it is a dead letter', async () => (await letters.all('recordedAt'))[0]);
    expect(letter.fields).toMatchObject({ code: 'INVALID_EVENT_DATA' });
    await eventually('the queue is empty', async () =>
      (await house.embedded.bus.depth(COORDINATOR_QUEUE)) === 0 ? true : undefined,
    );
    expect(await letters.all('recordedAt')).toHaveLength(1);
  });
});
