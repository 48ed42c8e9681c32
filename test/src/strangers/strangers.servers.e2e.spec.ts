import { deadLetterRecorded, type EventData } from '@aura/contracts';
import type { ViewStore } from '@aura/kernel';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeAll } from '../e2e/close-all';
import { Installation, SERVICES, untilActive } from '../e2e/installation';
import type { CoordinatorChild } from '../e2e/installation';
import type { Spawned } from '../e2e/spawned';
import { Tap } from '../e2e/tap';
import type { Seen } from '../e2e/tap';
import { eventually } from '../lab/eventually';
import { Python } from './python';

const EXAMPLES = join(__dirname, '../../../examples/python');
const PICTURE = join(__dirname, '../../../apps/cli/samples/autumn-knit.jpg');
const WORKFLOW = 'lookbook_analysis';
const STARTED = 'ai.aura.saga.started.v1';
const MIB = 1024 * 1024;

jest.setTimeout(60_000);

type DeadLetter = EventData<typeof deadLetterRecorded>;

describe('an Aura that strangers talk to in Python', () => {
  let aura: Installation;
  let door: CoordinatorChild;
  let python: Python;
  let face: Tap;
  let subscriber: Spawned;
  let deadLetters: ViewStore<'recordedAt'>;

  beforeAll(async () => {
    [aura, python] = await Promise.all([Installation.open(), Python.ready()]);
    [door] = await Promise.all([aura.coordinator('one'), ...SERVICES.map((name) => aura.service(name))]);
    await untilActive(door.client, ['complete_fashion_analysis']);
    const definition = readFileSync(join(EXAMPLES, `${WORKFLOW}.yaml`), 'utf8');
    await door.client.publishDefinition(definition, { file: `${WORKFLOW}.yaml` });
    await untilActive(door.client, [WORKFLOW]);
    // Ours alone: on the rest of the exchange there is what the strangers send.
    face = await Tap.on(aura.broker.url, 'aura.events', 'ai.aura.#');
    subscriber = python.start('examples/python/subscribe.py', [], environment());
    await eventually('the subscriber listens', () =>
      subscriber.told().includes('listening') ? true : undefined,
    );
    const { views } = await (await aura.inside()).stores('coordinator');
    deadLetters = await views.open({ name: 'dead_letters', fields: { recordedAt: 'integer' }, indexes: [] });
  }, 120_000);

  afterAll(() => closeAll([() => subscriber?.kill(), () => face?.close(), () => aura?.close()]), 60_000);

  function environment(): Readonly<Record<string, string>> {
    return { AURA_RABBITMQ_URL: aura.broker.url, AURA_URL: door.url };
  }

  async function letters(): Promise<readonly DeadLetter[]> {
    const found = await deadLetters.find({
      where: [],
      orderBy: { field: 'recordedAt', direction: 'asc' },
      limit: 1000,
    });
    return found.map(({ body }) => deadLetterRecorded.data.parse(JSON.parse(body)));
  }

  /** The saga that an event of the strangers started. */
  async function sagaOf(eventId: string): Promise<string> {
    const isIts = ({ type, causationid }: Seen): boolean => type === STARTED && causationid === eventId;
    const { correlationid } = await face.find(`a saga starts on ${eventId}`, isIts);
    return String(correlationid);
  }

  describe('as the examples show', () => {
    it('starts a saga by publishing an event, and tells a subscriber what it recommends', async () => {
      const args = [PICTURE, '--wish', 'something warm for autumn', '--person', 'ada', '--id', 'photo-1'];
      expect(await python.run('examples/python/start_saga.py', args, environment())).toEqual(['photo-1']);
      const saga = await sagaOf('photo-1');
      const line = await eventually('the subscriber prints it', () =>
        subscriber.said().find((said) => said.includes(saga)),
      );
      expect(JSON.parse(line)).toMatchObject({ saga, for: 'ada' });
      expect((JSON.parse(line) as { readonly best: readonly string[] }).best.length).toBeGreaterThan(0);
      expect(await door.client.saga(saga).completed()).toMatchObject({ workflow: WORKFLOW, userId: 'ada' });
    });

    it('starts one saga for one event, however often it comes', async () => {
      for (let time = 1; time <= 3; time++)
        await python.run('examples/python/start_saga.py', [PICTURE, '--id', 'photo-2'], environment());
      await python.run('examples/python/start_saga.py', [PICTURE, '--id', 'photo-3'], environment());
      await door.client.saga(await sagaOf('photo-3')).completed();
      const started = face.seen.filter(
        ({ type, causationid }) => type === STARTED && causationid === 'photo-2',
      );
      expect(new Set(started.map(({ correlationid }) => correlationid)).size).toBe(1);
    });
  });

  it('is understood from its AsyncAPI document alone', async () => {
    const { digest } = await door.client.uploadImage(readFileSync(PICTURE), 'image/jpeg');
    const said = await python.run('test/src/strangers/from_the_document.py', [aura.broker.url, digest], {});
    expect(said.map((line) => JSON.parse(line) as unknown)).toEqual([
      { mode: 'structured', ended: 'ai.aura.saga.completed.v1', definition: WORKFLOW },
      { mode: 'binary', ended: 'ai.aura.saga.completed.v1', definition: WORKFLOW },
    ]);
  });

  it('answers a publisher of an event that nobody wants with a sentence', async () => {
    const other = await Installation.open();
    try {
      const { url } = await other.coordinator('one');
      const env = { AURA_RABBITMQ_URL: other.broker.url, AURA_URL: url };
      await expect(python.run('examples/python/start_saga.py', [PICTURE], env)).rejects.toThrow(
        'publish lookbook_analysis.yaml first',
      );
    } finally {
      await other.close();
    }
  });

  describe('in another style', () => {
    let sent: readonly string[];
    let image: string;

    beforeAll(async () => {
      image = (await door.client.uploadImage(readFileSync(PICTURE), 'image/jpeg')).digest;
      sent = await python.run('test/src/strangers/other_style.py', [aura.broker.url, image], {});
    });

    it.each([
      'text-plain',
      'application-json',
      'octet-stream',
      'no-content-type',
      'null-means-absent',
      'own-extensions',
      'aura-attributes',
      'prefix-ce',
      'prefix-underscore',
      'prefix-colon',
      'native-types',
      'no-type-of-data',
    ])('starts a saga on %s', async (name) => {
      expect(sent).toContain(name);
      expect(await door.client.saga(await sagaOf(name)).completed()).toMatchObject({
        input: { image, userId: name },
      });
    });

    it.each<[name: string, code: string, message: RegExp, queue?: string]>([
      ['batch', 'BATCH_REFUSED', /is a batch of events where one event is expected/],
      ['noise', 'UNDECODABLE', /neither headers nor body say specversion/],
      ['half', 'UNDECODABLE', /the body is not JSON/],
      ['old-version', 'UNDECODABLE', /"specversion" must be exactly "1.0"; it is "0.3"/],
      ['no-source', 'UNDECODABLE', /the required attribute "source" is missing/],
      ['bad-name', 'UNDECODABLE', /"My_Extension" is no attribute name/],
      ['avro', 'UNDECODABLE', /events in the format application\/cloudevents\+avro are not understood/],
      ['wrong-key', 'NO_TRIGGER', /no active definition has a trigger for com\.example\.something\.else\.v1/],
      ['wrong-input', 'INVALID_INPUT', /image/],
      ['far-too-large', 'TOO_LARGE', /9437184 bytes/],
      ['to-participant', 'UNDECODABLE', /no CloudEvent/, 'aura.participant.style-profile'],
      ['to-tracker', 'UNDECODABLE', /no CloudEvent/, 'aura.tracker.0'],
      ['to-coordinator', 'UNDECODABLE', /no CloudEvent/, 'aura.coordinator'],
      ['to-dead-letters', 'UNDECODABLE', /no CloudEvent/, 'aura.dead-letters'],
      ['letter-that-is-none', 'UNDECODABLE', /in the queue of the dead letters is none/, 'aura.dead-letters'],
    ])('keeps %s as a dead letter that says why', async (name, code, message, queue = 'aura.ingress') => {
      expect(sent).toContain(name);
      const letter = await eventually(`the dead letter of ${name}`, async () =>
        (await letters()).find(
          (one) => one.error.code === code && message.test(one.error.message) && one.queue === queue,
        ),
      );
      expect(letter.consumer).toBe(queue.startsWith('aura.participant.') ? 'style-profile' : 'coordinator');
    });

    it('refuses a batch whatever it calls itself', async () => {
      await eventually('both are recorded', async () => {
        const refused = (await letters()).filter(({ error }) => error.code === 'BATCH_REFUSED');
        return refused.length === 2 ? true : undefined;
      });
    });

    it('tells each dead letter once to whoever listens, without what is in it', async () => {
      for (const { deadLetterId } of await letters()) {
        const isIts = ({ type, data }: Seen): boolean =>
          type === deadLetterRecorded.type && (data as DeadLetter).deadLetterId === deadLetterId;
        const told = await face.find(`the public face tells of ${deadLetterId}`, isIts);
        expect(told.data).toMatchObject({ body: '', headers: {} });
      }
    });

    it('keeps garbage byte for byte, and the beginning of what is too large', async () => {
      const noise = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('base64');
      const all = await eventually('all is recorded', async () => {
        const found = await letters();
        return found.some(({ body }) => body.length > 9 * MIB) ? found : undefined;
      });
      expect(all.find(({ body }) => body === noise)?.contentType).toBe('application/octet-stream');
      expect(all.find(({ error }) => error.code === 'TOO_LARGE')).toMatchObject({ bodyBytes: 9 * MIB });
    });

    it('is disturbed nowhere: all services live, nothing waits, and sagas run', async () => {
      const saga = await door.client.start(WORKFLOW, { image });
      expect(await saga.completed()).toMatchObject({ status: 'completed' });
      const { bus } = await aura.inside();
      const queues = ['ingress', 'coordinator', 'dead-letters', 'tracker.0', 'crashed', 'participant.nlu'];
      await eventually('no queue holds anything', async () => {
        const depths = await Promise.all(queues.map((queue) => bus.depth(`aura.${queue}`)));
        return depths.every((depth) => depth === 0) ? true : undefined;
      });
      expect(await door.client.health()).toMatchObject({ status: 'ok', reasons: [] });
      expect(aura.ended()).toEqual([]);
      expect(subscriber.isLive).toBe(true);
      expect(subscriber.told()).toContain("not an event: b'noise'");
      await eventually('the subscriber goes on', () =>
        subscriber.said().find((said) => said.includes(saga.sagaId)),
      );
    });
  });
});
