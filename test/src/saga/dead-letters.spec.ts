import type { CloudEvent } from '@aura/contracts';
import { CRASHED_QUEUE, DEAD_LETTERS_QUEUE, participantQueue } from '@aura/messaging';
import type { Delivery } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

describe('dead letters', () => {
  let house: House;
  let one: Housed;

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one');
    await house.publish(one, puppetDefinition('chain', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }]));
  });

  afterEach(() => house.close());

  const letter: CloudEvent = {
    specversion: '1.0',
    id: 'dead/q/1',
    source: '/aura/puppet',
    type: 'ai.aura.dead-letter.recorded.v1',
    time: '2030-01-01T00:00:00Z',
    correlationid: 's1',
    data: {
      deadLetterId: 'dead/q/1',
      queue: 'aura.participant.puppet',
      consumer: 'puppet',
      targets: ['a'],
      attempts: 3,
      error: { kind: 'technical', code: 'BROKEN', message: 'broken' },
      body: 'c2VjcmV0',
      headers: { secret: 'x' },
      recordedAt: '2030-01-01T00:00:00.000Z',
    },
  };

  function send(event: CloudEvent, queue: string, headers?: Delivery['headers']): Promise<void> {
    return house.embedded.bus.publish([
      { event, to: [{ kind: 'queue', queue }], ...(headers === undefined ? {} : { headers }) },
    ]);
  }

  it('are recorded once with all they hold, and told without their payload', async () => {
    const seen = await house.tap('ai.aura.dead-letter.#');
    await send(letter, DEAD_LETTERS_QUEUE);
    await send(letter, DEAD_LETTERS_QUEUE);
    await eventually('both were told', () => (seen.length === 2 ? true : undefined));
    const views = await house.views('dead_letters');
    const [kept, ...more] = await views.all('recordedAt');
    expect(more).toEqual([]);
    expect(kept?.fields).toEqual({
      saga: 's1',
      consumer: 'puppet',
      code: 'BROKEN',
      recordedAt: Date.UTC(2030, 0, 1),
    });
    expect(JSON.parse(kept?.body ?? '')).toMatchObject({ body: 'c2VjcmV0', headers: { secret: 'x' } });
    expect(JSON.stringify(seen)).not.toMatch(/c2VjcmV0|secret/);
    expect(seen[0]).toMatchObject({ id: 'dead/q/1', correlationid: 's1' });
  });

  it('are made of what is none in their queue', async () => {
    await send({ ...letter, id: 'x', data: { hello: 'world' } }, DEAD_LETTERS_QUEUE);
    const views = await house.views('dead_letters');
    const kept = await eventually('it is recorded', async () => (await views.all('recordedAt'))[0]);
    expect(kept.fields).toMatchObject({ consumer: 'coordinator', code: 'UNDECODABLE' });
    expect(Buffer.from(JSON.parse(kept.body).body as string, 'base64').toString()).toContain(
      '"hello":"world"',
    );
  });

  it('of no saga are recorded too', async () => {
    const { specversion, id, source, type, data } = letter;
    await send(
      { specversion, id, source, type, ...(data === undefined ? {} : { data }) },
      DEAD_LETTERS_QUEUE,
    );
    const views = await house.views('dead_letters');
    const kept = await eventually('it is recorded', async () => (await views.all('recordedAt'))[0]);
    expect(kept.fields['saga']).toBeNull();
  });

  async function trigger(saga: string): Promise<CloudEvent> {
    const delivery = await eventually('the step is triggered', () =>
      house.puppet.received.find(({ event }) => event.ok && event.value.correlationid === saga),
    );
    if (!delivery.event.ok) throw new Error('not an event');
    return delivery.event.value;
  }

  it('of a delivery that killed its consumer fail the step, whatever its epoch, and the saga', async () => {
    const saga = await house.start(one, 'chain');
    const queue = participantQueue('puppet');
    const seen = await house.tap('ai.aura.step.failed.#');
    await send({ ...(await trigger(saga)), subject: 'ada' }, CRASHED_QUEUE, {
      targets: ['a'],
      epoch: 3,
      crashed: { queue, returns: 21 },
    });
    expect(await house.until(one, saga, 'failed')).toMatchObject({
      failedStep: 'a',
      error: {
        kind: 'crash',
        code: 'CONSUMER_CRASHED',
        message: expect.stringContaining('21 times') as string,
      },
      steps: [{ deadLetterId: expect.stringContaining('dead/') as string }, {}],
    });
    await eventually('it is told', () => (seen.length > 0 ? true : undefined));
    expect(seen[0]).toMatchObject({
      aurastep: 'a',
      auraepoch: 3,
      subject: 'ada',
      aurapartition: await house.partition(saga),
    });
    expect(await (await house.views('dead_letters')).all('recordedAt')).toHaveLength(1);
  });

  it('of a trigger that says the least fail the step all the same', async () => {
    const saga = await house.start(one, 'chain');
    const full = await trigger(saga);
    const { specversion, id, source, type, correlationid, auraplan, data } = full;
    const least = { specversion, id, source, type, data: data ?? null } as const;
    await send({ ...least, correlationid: correlationid ?? '', auraplan: auraplan ?? '' }, CRASHED_QUEUE, {
      targets: ['a'],
      crashed: { queue: participantQueue('puppet'), returns: 21 },
    });
    await eventually('it is recorded', async () =>
      (await (await house.views('dead_letters')).all('recordedAt')).length === 1 ? true : undefined,
    );
  });

  it.each([
    ['another participant’s queue', { crashed: { queue: 'aura.participant.other', returns: 21 } }],
    ['other steps', { targets: ['x'], crashed: { queue: 'aura.participant.puppet', returns: 21 } }],
    ['nobody knows which queue', {}],
  ])('of a delivery of %s leave the saga as it is', async (_what, headers) => {
    const saga = await house.start(one, 'chain');
    await send(await trigger(saga), CRASHED_QUEUE, headers);
    await eventually('it is recorded', async () =>
      (await (await house.views('dead_letters')).all('recordedAt')).length === 1 ? true : undefined,
    );
    expect((await one.coordinator.find(saga))?.status).toBe('running');
  });

  it('of a trigger that names no saga fail nobody', async () => {
    const saga = await house.start(one, 'chain');
    const { specversion, id, source, type, auraplan = '' } = await trigger(saga);
    const stray = { specversion, id, source, type, auraplan };
    await send(stray, CRASHED_QUEUE, { crashed: { queue: participantQueue('puppet'), returns: 21 } });
    const letters = await house.views('dead_letters');
    await eventually('it is recorded', async () =>
      (await letters.all('recordedAt')).length > 0 ? true : undefined,
    );
    expect((await one.coordinator.find(saga))?.status).toBe('running');
  });

  it.each([
    ['no plan', undefined],
    ['a plan that nobody knows', `sha256:${'0'.repeat(64)}`],
  ])('of a delivery with %s are recorded, and fail nothing', async (_what, auraplan) => {
    const event: CloudEvent = {
      specversion: '1.0',
      id: 'x',
      source: '/x',
      type: 'x.y',
      ...(auraplan === undefined ? {} : { auraplan }),
    };
    await send(event, CRASHED_QUEUE, { crashed: { queue: 'q', returns: 21 } });
    await eventually('it is recorded', async () =>
      (await (await house.views('dead_letters')).all('recordedAt')).length === 1 ? true : undefined,
    );
  });
});
