import { fashionAnalysis } from '@aura/client';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../lab/eventually';
import { feedFaults, feedOf } from './audit';
import { closeAll } from './close-all';
import { Installation, SERVICES, untilActive } from './installation';
import type { CoordinatorChild } from './installation';
import { LAB_DEFINITIONS } from './lab-definitions';
import { LAB_PARTICIPANTS } from './lab-participants';
import { publishOnceOffered } from './publish-once-offered';
import type { Spawned } from './spawned';
import { Tap } from './tap';
import type { Seen } from './tap';

const PICTURE = join(__dirname, '../../../apps/cli/samples/autumn-knit.jpg');
const FASHION = 'complete_fashion_analysis';
const COORDINATOR = '/aura/coordinator';
const STARTED = 'ai.aura.saga.started.v1';
const LAST_OF_ALL = 'ai.aura.recommendations.made.v1';
/** How long the coordinators stand still behind the last step, so that it is told from a race, ms. */
const STANDSTILL_MS = 300;
/** Analyses under way when a service is killed. */
const ANALYSES_A_KILL = 6;

jest.setTimeout(240_000);

/** What coordinators had to say, each of it once: a message may be sent twice, under the same id. */
function tellings(events: readonly Seen[]): readonly Seen[] {
  const own = events.filter(({ source }) => source === COORDINATOR);
  return [...new Map(own.map((event) => [event.id, event])).values()];
}

describe('an Aura of processes on servers', () => {
  let aura: Installation;
  let coordinators: readonly CoordinatorChild[];
  let face: Tap;
  let wire: Tap;
  let image: string;
  const services = new Map<string, Spawned>();

  beforeAll(async () => {
    aura = await Installation.open();
    await aura.broker.trace();
    const [first] = await Promise.all([
      aura.coordinator('one'),
      ...SERVICES.map(serve),
      ...LAB_PARTICIPANTS.map(({ name }) => aura.lab(name)),
    ]);
    coordinators = [first, await aura.coordinator('two')];
    for (const definition of LAB_DEFINITIONS)
      await publishOnceOffered(first.client, JSON.stringify(definition), 'lab.json');
    await untilActive(first.client, [FASHION, 'lab_chain', 'lab_join', 'lab_skip']);
    image = (await first.client.uploadImage(readFileSync(PICTURE), 'image/jpeg')).digest;
    face = await Tap.on(aura.broker.url, 'aura.events');
    wire = await Tap.on(aura.broker.url, 'amq.rabbitmq.trace', 'publish.#');
  }, 300_000);

  afterAll(() => closeAll([() => face?.close(), () => wire?.close(), () => aura?.close()]), 60_000);

  async function serve(name: string): Promise<void> {
    services.set(name, await aura.service(name));
  }

  function client(): CoordinatorChild['client'] {
    const [first] = coordinators;
    if (first === undefined) throw new Error('no coordinator was started');
    return first.client;
  }

  it('makes a completed analysis of a picture', async () => {
    const started = await client().start(FASHION, { image, query: 'something warm for autumn' });
    const saga = await started.completed();
    expect(saga.steps.map(({ status }) => status)).toEqual(Array(5).fill('completed'));
    expect(fashionAnalysis.parse(saga.output).recommendations.length).toBeGreaterThan(0);
    expect(feedFaults(saga, await feedOf(client(), saga.sagaId))).toEqual([]);
  });

  it('lets no message of a running coordinator come between the start and the last step', async () => {
    const { sagaId, completed } = await client().start(FASHION, { image });
    await completed();
    const made = (event: Seen): boolean => event.correlationid === sagaId;
    await wire.find(
      'the end is on the wire',
      (event) => made(event) && event.type === 'ai.aura.saga.completed.v1',
    );
    const own = wire.seen.filter(made);
    const before = own.slice(
      0,
      own.findIndex(({ type }) => type === LAST_OF_ALL),
    );
    expect(tellings(before).map(({ type }) => type)).toEqual([STARTED]);
  });

  describe('whose coordinators are all stopped right behind saga.started', () => {
    /** Starts a saga, stops every coordinator at its start, waits for an event of its, and lets them go on. */
    async function stoppedRun(
      workflow: string,
      input: object,
      last: (event: Seen) => boolean,
    ): Promise<string> {
      const from = wire.seen.length;
      const before = new Set(face.seen.map(({ correlationid }) => correlationid));
      let sagaId: string | undefined;
      const off = face.onEvent((event) => {
        if (sagaId !== undefined || event.type !== STARTED || before.has(event.correlationid)) return;
        coordinators.forEach(({ process }) => process.pause());
        sagaId = event.correlationid;
      });
      const starting = client().start(workflow, { ...input });
      try {
        const own = (event: Seen): boolean => sagaId !== undefined && event.correlationid === sagaId;
        await face.find(`the last step of ${workflow}`, (event) => own(event) && last(event));
        await wire.find(`the same on the wire`, (event) => own(event) && last(event));
        await delay(STANDSTILL_MS);
        const start = wire.seen.findIndex((event) => own(event) && event.type === STARTED);
        expect(start).toBeGreaterThanOrEqual(from);
        expect(tellings(wire.seen.slice(start)).map(({ correlationid }) => correlationid)).toEqual([sagaId]);
      } finally {
        off();
        coordinators.forEach(({ process }) => process.resume());
      }
      return (await starting).sagaId;
    }

    async function expectFull(sagaId: string, steps: Readonly<Record<string, string>>): Promise<void> {
      const saga = await client().saga(sagaId).completed();
      expect(Object.fromEntries(saga.steps.map(({ id, status }) => [id, status]))).toEqual(steps);
      expect(feedFaults(saga, await feedOf(client(), sagaId))).toEqual([]);
    }

    const completed = (...ids: readonly string[]): Readonly<Record<string, string>> =>
      Object.fromEntries(ids.map((id) => [id, 'completed']));

    it('the five services go on to the recommendations, from a picture', async () => {
      const sagaId = await stoppedRun(FASHION, { image }, ({ type }) => type === LAST_OF_ALL);
      await expectFull(sagaId, completed('analyse', 'understand', 'profile', 'combine', 'recommend'));
    });

    it.each([
      ['a chain of five', 'lab_chain', 'fifth', completed('first', 'second', 'third', 'fourth', 'fifth')],
      ['a join', 'lab_join', 'both', completed('left', 'middle', 'right', 'both')],
      [
        'a false condition',
        'lab_skip',
        'last',
        { first: 'completed', never: 'skipped', behind: 'skipped', last: 'completed' },
      ],
    ])('%s runs to its last step', async (_what, workflow, last, steps) => {
      const input = { item: `stopped-${workflow}`, delayMs: 50 };
      await expectFull(await stoppedRun(workflow, input, ({ aurastep }) => aurastep === last), steps);
    });
  });

  it('loses no analysis when its services are killed one after the other, and remembers each profile once', async () => {
    const people: string[] = [];
    for (const [n, name] of SERVICES.entries()) {
      const own = Array.from({ length: ANALYSES_A_KILL }, (_, person) => `${name}-${person}`);
      const sagas = await Promise.all(
        own.map((userId) => client().start(FASHION, { image, userId }, { userId })),
      );
      await delay(n * 20);
      await services.get(name)?.kill();
      await serve(name);
      for (const saga of await Promise.all(sagas.map(({ completed }) => completed())))
        expect(feedFaults(saga, await feedOf(client(), saga.sagaId))).toEqual([]);
      people.push(...own);
    }
    const { journal } = await (await aura.inside()).stores('style-profile');
    const remembered = (): Promise<number[]> =>
      Promise.all(people.map((person) => journal.head(`profile/${person}`)));
    await eventually('every profile is remembered', async () =>
      (await remembered()).includes(0) ? undefined : true,
    );
    expect(await remembered()).toEqual(people.map(() => 1));
  });

  it('ends every process in good order at SIGTERM', async () => {
    const endings = await aura.stopAll();
    expect(endings).toHaveLength(2 + SERVICES.length + LAB_PARTICIPANTS.length);
    expect(endings).toEqual(endings.map(({ name }) => ({ name, code: 0, signal: null })));
  });

  it('ends its processes at SIGTERM also when the broker is gone', async () => {
    await aura.coordinator('one');
    const service = await aura.lab('lab-words');
    await Promise.all([face.close(), wire.close()]);
    await aura.broker.remove();
    const endings = await aura.stopAll();
    expect(endings.map(({ name, signal }) => [name, signal])).toEqual([
      ['one', null],
      ['lab-words', null],
    ]);
    expect(service.told()).toContain('could not say goodbye: the bus is down');
    expect(endings[1]?.code).toBe(0);
  });
});
