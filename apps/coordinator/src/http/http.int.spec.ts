import {
  definitionCheck,
  definitionList,
  definitionSummary,
  executeAccepted,
  healthAnswer,
  imageAccepted,
  sagaDetail,
  sagaFeedEntry,
  whyAnswer,
} from '@aura/contracts';
import { ask, execute, problemOf } from './testing/ask';
import { GREETING } from './testing/greeter';
import { activate, openRealDoor, type RealDoor } from './testing/real-door';

const EXECUTE = '/api/v1/workflows/execute/async';

let door: RealDoor;
beforeAll(async () => {
  door = await openRealDoor();
  await activate(door, GREETING);
});
afterAll(() => door.close());

const yaml = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/yaml' },
  body,
});

async function started(who: string, headers: Record<string, string> = {}) {
  const answer = await ask(door, EXECUTE, execute({ workflow: 'greeting', input: { who } }, headers));
  expect(answer.status).toBe(202);
  return { ...executeAccepted.parse(answer.body), location: answer.headers.get('location') };
}

/** The whole feed behind an entry, read to the end of the stream. */
async function feedOf(sagaId: string, after = 0) {
  const headers = after > 0 ? { 'last-event-id': String(after) } : {};
  const response = await fetch(`${door.url}/api/v1/workflows/${sagaId}/events`, { headers });
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  return {
    status: response.status,
    entries: lines.map((line) => sagaFeedEntry.parse(JSON.parse(line.slice(6)))),
  };
}

describe('a saga, from its start to its end', () => {
  it('is followed by its feed, and stands complete at its location', async () => {
    const { sagaId, location } = await started('Ada');
    const { entries } = await feedOf(sagaId);
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_entry, index) => index + 1));
    expect(entries.map(({ step, status }) => `${step ?? 'saga'} ${status}`)).toEqual([
      'saga running',
      'first completed',
      'second completed',
      'saga completed',
    ]);
    const saga = sagaDetail.parse((await ask(door, location ?? '')).body);
    expect(saga).toMatchObject({ sagaId, status: 'completed', output: { text: 'Hello, Hello, Ada!!' } });
    expect(await feedOf(sagaId, 2)).toMatchObject({
      status: 200,
      entries: [{ sequence: 3 }, { sequence: 4 }],
    });
    expect(await feedOf(sagaId, saga.sequence)).toEqual({ status: 204, entries: [] });
    const why = whyAnswer.parse((await ask(door, `${location}/why`)).body);
    expect(why).toMatchObject({ sagaId, status: 'completed', why: expect.stringMatching(/completed/) });
  });

  it('ends as failed with the reason that its participant gave', async () => {
    const { sagaId } = await started('nobody');
    expect((await feedOf(sagaId)).entries.at(-1)).toMatchObject({ status: 'failed' });
    expect((await ask(door, `/api/v1/workflows/${sagaId}`)).body).toMatchObject({
      status: 'failed',
      failedStep: 'first',
      error: { code: 'NOBODY', message: 'nobody is not greeted' },
    });
  });

  it('is one, however often its key is sent, and not another one', async () => {
    const headers = { 'idempotency-key': 'greeting-1' };
    const starts = await Promise.all([
      started('Eve', headers),
      started('Eve', headers),
      started('Eve', headers),
    ]);
    expect(new Set(starts.map(({ sagaId }) => sagaId)).size).toBe(1);
    expect(starts.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    const other = execute({ workflow: 'greeting', input: { who: 'Bob' } }, headers);
    expect(await problemOf(door, EXECUTE, other)).toMatchObject({ status: 422, code: 'KEY_REUSED' });
  });

  it('is not started by an input that does not fit, or for a workflow that is not there', async () => {
    const unfit = await problemOf(door, EXECUTE, execute({ workflow: 'greeting', input: { who: 7 } }));
    expect(unfit).toMatchObject({
      status: 422,
      code: 'INVALID_INPUT',
      errors: [{ path: expect.stringContaining('who') }],
    });
    const unknown = await problemOf(door, EXECUTE, execute({ workflow: 'dance', input: {} }));
    expect(unknown).toMatchObject({ status: 404, code: 'UNKNOWN_WORKFLOW' });
  });

  it.each(['nope', '%00', '%F0%9F%92%A5', '..%2fx', "'%20OR%201=1", 'x'.repeat(2000), '__proto__', '$ne'])(
    'is not found by an id that is not held (%#)',
    async (id) => {
      for (const suffix of ['', '/why', '/events']) {
        const problem = await problemOf(door, `/api/v1/workflows/${id}${suffix}`);
        expect(problem).toMatchObject({ status: 404, code: 'SAGA_NOT_FOUND' });
      }
    },
  );
});

describe('definitions', () => {
  it('are published once, and the same again is the same', async () => {
    const first = definitionSummary.parse((await ask(door, '/api/v1/definitions', yaml(GREETING))).body);
    const again = await ask(door, '/api/v1/definitions', yaml(GREETING));
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({ id: 'greeting', digest: first.digest });
  });

  it('are refused with the line of every reason, and checked without being kept', async () => {
    const broken = GREETING.replace('action: greet', 'action: sing').replace('steps.first.', 'steps.zero.');
    const refused = await problemOf(door, '/api/v1/definitions?file=song.yaml', yaml(broken));
    expect(refused).toMatchObject({ status: 422, code: 'INVALID_DEFINITION' });
    expect(refused.problems?.map(({ line, file }) => ({ line, file }))).toEqual(
      expect.arrayContaining([
        { line: 13, file: 'song.yaml' },
        { line: 19, file: 'song.yaml' },
      ]),
    );
    const checked = definitionCheck.parse((await ask(door, '/api/v1/definitions/check', yaml(broken))).body);
    expect(checked.problems).toHaveLength(refused.problems?.length ?? 0);
    const fine = await ask(door, '/api/v1/definitions/check', yaml(GREETING.replace('1.0.0', '9.0.0')));
    expect(fine.body).toEqual({ problems: [] });
    const { definitions } = definitionList.parse((await ask(door, '/api/v1/definitions')).body);
    expect(definitions.map(({ version }) => version)).toEqual(['1.0.0']);
  });

  it('are retired, one version or all, and take no more sagas', async () => {
    const farewell = GREETING.replace('id: greeting', 'id: farewell');
    await activate(door, farewell);
    const at = '/api/v1/definitions/farewell';
    for (const road of [`${at}?version=1.0.0`, at]) {
      const { status, body } = await ask(door, road, { method: 'DELETE' });
      const { definitions } = definitionList.parse(body);
      expect([status, definitions.map(({ id, status: stands }) => [id, stands])]).toEqual([
        200,
        [['farewell', 'retired']],
      ]);
    }
    const refused = await problemOf(door, EXECUTE, execute({ workflow: 'farewell', input: { who: 'Ada' } }));
    expect(refused).toMatchObject({
      status: 409,
      code: 'NOT_ACTIVE',
      detail: expect.stringContaining('retired'),
    });
    for (const road of [`${at}?version=2.0.0`, '/api/v1/definitions/nothing'])
      expect(await problemOf(door, road, { method: 'DELETE' })).toMatchObject({
        status: 404,
        code: 'DEFINITION_NOT_FOUND',
      });
  });
});

describe('pictures and health', () => {
  it('keeps a picture under the digest of its bytes', async () => {
    const body = new Uint8Array([0xff, 0xd8, 0xff, 0, 1, 2]);
    const answer = await ask(door, '/api/v1/images', {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg' },
      body,
    });
    const { digest } = imageAccepted.parse(answer.body);
    const kept = await door.runtime.claims.get(digest);
    expect(kept).toMatchObject({ contentType: 'image/jpeg' });
    expect([...(kept?.bytes ?? [])]).toEqual([...body]);
  });

  it('knows who takes part', async () => {
    const health = healthAnswer.parse((await ask(door, '/health')).body);
    expect(health).toMatchObject({ status: 'ok', mode: 'embedded', bus: 'up', participants: ['greeter'] });
  });
});
