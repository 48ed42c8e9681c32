import { once } from 'node:events';
import { request } from 'node:http';
import { executeAccepted, sagaDetail, sagaList } from '@aura/contracts';
import { ask, execute, problemOf } from '../testing/ask';
import { GREETING, PONDERING } from '../testing/greeter';
import { activate, openRealDoor, type RealDoor } from '../testing/real-door';
import { until } from '../testing/served';

const EXECUTE = '/api/v1/workflows/execute';
const JSON_POST = { method: 'POST', headers: { 'content-type': 'application/json' } };
const ASYNC = '/api/v1/workflows/execute/async';

let door: RealDoor;
beforeAll(async () => {
  door = await openRealDoor({ settings: { maxWaits: 3, participantsMs: 250 } });
  for (const text of [GREETING, PONDERING]) await activate(door, text);
});
afterAll(() => door.close());
afterEach(() => door.gate.close());

const start = (workflow: string, who = 'Ada', userId?: string) =>
  execute({ workflow, input: { who }, ...(userId === undefined ? {} : { userId }) });

describe('executing a workflow', () => {
  it('answers 200 with the saga and its place when it has completed', async () => {
    const answer = await ask(door, EXECUTE, start('greeting'));
    expect(answer.status).toBe(200);
    const saga = sagaDetail.parse(answer.body);
    expect(saga).toMatchObject({ status: 'completed', output: { text: 'Hello, Hello, Ada!!' } });
    expect(answer.headers.get('location')).toBe(`/api/v1/workflows/${saga.sagaId}`);
  });

  it('answers 200 with the saga when it has failed, whatever its end', async () => {
    const answer = await ask(door, EXECUTE, start('greeting', 'nobody'));
    expect(answer).toMatchObject({ status: 200, body: { status: 'failed', error: { code: 'NOBODY' } } });
  });

  it('answers 504 with the place of the saga when the wait is over, while it goes on', async () => {
    const over = await problemOf(door, `${EXECUTE}?waitMs=50`, start('pondering'));
    expect(over).toMatchObject({ status: 504, code: 'WAIT_OVER', detail: expect.stringContaining('50 ms') });
    const location = over.headers.get('location') ?? '';
    expect(location).toBe(`/api/v1/workflows/${over.sagaId}`);
    expect((await ask(door, location)).body).toMatchObject({ status: 'running' });
    door.gate.open();
    await ask(door, `${location}/events`).catch(() => undefined);
    await untilStatus(location, 'completed');
  });

  it('answers a repeated key with the end of the saga that it started', async () => {
    const again = {
      ...start('greeting'),
      headers: { 'content-type': 'application/json', 'idempotency-key': 'e-1' },
    };
    const first = sagaDetail.parse((await ask(door, EXECUTE, again)).body);
    const second = await ask(door, EXECUTE, again);
    expect(second).toMatchObject({ status: 200, body: { sagaId: first.sagaId, status: 'completed' } });
    const other = { ...again, body: JSON.stringify({ workflow: 'greeting', input: { who: 'Bob' } }) };
    expect(await problemOf(door, EXECUTE, other)).toMatchObject({ status: 422, code: 'KEY_REUSED' });
  });

  it.each(['0', '-1', '1.5', 'long', '300001', ''])('refuses to wait %p ms', async (waitMs) => {
    const refused = await problemOf(door, `${EXECUTE}?waitMs=${waitMs}`, start('greeting'));
    expect(refused).toMatchObject({ status: 400, errors: [{ path: 'waitMs' }] });
  });

  it('stops waiting when the client goes; the saga goes on', async () => {
    const userId = 'goes';
    const going = request(door.url + EXECUTE, JSON_POST);
    going.on('error', () => undefined);
    going.end(JSON.stringify({ workflow: 'pondering', input: { who: 'Eve' }, userId }));
    await untilListed(userId);
    going.destroy();
    // Three may wait at once: when three do again, the one that went has left its place.
    const three = [1, 2, 3].map(() => ask(door, `${EXECUTE}?waitMs=5000`, start('pondering', 'X', 'three')));
    await untilListed('three', 3);
    expect(await problemOf(door, EXECUTE, start('pondering'))).toMatchObject({
      status: 503,
      code: 'TOO_MANY_WAITS',
    });
    door.gate.open();
    expect((await Promise.all(three)).map(({ status }) => status)).toEqual([200, 200, 200]);
    const [left] = await untilListed(userId);
    await untilStatus(`/api/v1/workflows/${left?.sagaId}`, 'completed');
  });
});

async function untilStatus(location: string, status: string): Promise<void> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const saga = sagaDetail.parse((await ask(door, location)).body);
    if (saga.status === status) return;
    if (performance.now() > deadline) throw new Error(`${location} is ${saga.status}, not ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function untilListed(userId: string, count = 1) {
  const deadline = performance.now() + 5000;
  for (;;) {
    const { sagas } = sagaList.parse((await ask(door, `/api/v1/workflows?userId=${userId}`)).body);
    if (sagas.length >= count) return sagas;
    if (performance.now() > deadline) throw new Error(`${count} sagas of ${userId} are not listed`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a workflow that waits for participants', () => {
  const WAITING = GREETING.replace('id: greeting', 'id: waiting');

  it('is named with whom it waits for, after a wait, and starts as soon as they have come', async () => {
    await door.dismiss();
    const actor = { subject: 'tester', roles: [] };
    expect(await door.coordinator.publishDefinition(WAITING, 'w.yaml', actor)).toMatchObject({
      ok: true,
      value: { status: 'publishing', waitsFor: ['greeter'] },
    });
    for (const path of [EXECUTE, ASYNC]) {
      const since = performance.now();
      expect(await problemOf(door, path, start('waiting'))).toMatchObject({
        status: 409,
        code: 'NOT_ACTIVE',
        waitsFor: ['greeter'],
        detail: expect.stringContaining('greeter'),
      });
      expect(performance.now() - since).toBeGreaterThan(240);
    }
    const { body } = await ask(door, '/api/v1/definitions');
    expect(body).toMatchObject({
      definitions: expect.arrayContaining([
        expect.objectContaining({ id: 'waiting', status: 'publishing', waitsFor: ['greeter'] }),
      ]),
    });
    await door.call();
    await activate(door, WAITING);
    expect((await ask(door, ASYNC, start('waiting'))).status).toBe(202);
  });

  it('starts within the wait when they come in time, and not at all when the client has gone', async () => {
    const patient = await openRealDoor({ settings: { participantsMs: 10_000 } });
    await activate(patient, GREETING);
    await patient.dismiss();
    const text = GREETING.replace('id: greeting', 'id: later');
    await patient.coordinator.publishDefinition(text, 'later.yaml', { subject: 'tester', roles: [] });
    const going = request(patient.url + EXECUTE, JSON_POST);
    going.on('error', () => undefined);
    going.end(JSON.stringify({ workflow: 'later', input: { who: 'Ada' }, userId: 'gone' }));
    await once(going, 'finish');
    const inTime = ask(patient, ASYNC, start('later', 'Ada', 'in-time'));
    await ask(patient, '/health');
    going.destroy();
    await patient.call();
    const accepted = executeAccepted.parse((await inTime).body);
    expect(accepted.workflow).toBe('later');
    const { sagas } = sagaList.parse((await ask(patient, '/api/v1/workflows')).body);
    expect(sagas.map(({ userId }) => userId)).toEqual(['in-time']);
    await patient.close();
  });
});

describe('a stop of the process', () => {
  it('ends the wait with 503 and the place of the saga', async () => {
    const stopping = await openRealDoor();
    await activate(stopping, PONDERING);
    const waiting = problemOf(stopping, EXECUTE, start('pondering'));
    await until('a saga is open', () => stopping.gate.waiters > 0);
    await stopping.close();
    const problem = await waiting;
    expect(problem).toMatchObject({ status: 503, code: 'STOPPING' });
    expect(problem.headers.get('location')).toBe(`/api/v1/workflows/${problem.sagaId}`);
    expect(Number(problem.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
