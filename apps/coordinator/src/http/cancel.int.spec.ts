import { compensationPlan, executeAccepted, sagaDetail } from '@aura/contracts';
import { ask, execute, problemOf } from './testing/ask';
import { GREETING, PONDERING, RESERVING } from './testing/greeter';
import { activate, openRealDoor, type RealDoor } from './testing/real-door';

let door: RealDoor;
beforeAll(async () => {
  const identify = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }) => ({
    subject: String(headers['x-user'] ?? 'kim'),
    roles: ['operator'],
  });
  door = await openRealDoor({ identify });
  for (const text of [GREETING, PONDERING, RESERVING]) await activate(door, text);
});
afterAll(() => door.close());

async function started(workflow: string): Promise<string> {
  const request = execute({ workflow, input: { who: 'Ada' } });
  const { body } = await ask(door, '/api/v1/workflows/execute/async', request);
  return `/api/v1/workflows/${executeAccepted.parse(body).sagaId}`;
}

const asLee: RequestInit = { method: 'DELETE', headers: { 'x-user': 'lee' } };

describe('cancelling over HTTP', () => {
  it('ends the saga and keeps who asked for it, and why', async () => {
    const saga = await started('pondering');
    const answer = await ask(door, `${saga}?reason=${encodeURIComponent('wrong picture')}`, asLee);
    expect(answer.status).toBe(200);
    expect(sagaDetail.parse(answer.body)).toMatchObject({
      status: 'cancelled',
      cancelled: { by: 'lee', reason: 'wrong picture' },
    });
    expect((await ask(door, saga)).body).toMatchObject({ status: 'cancelled' });
    expect((await ask(door, `${saga}/why`)).body).toMatchObject({
      why: expect.stringContaining('lee cancelled it: wrong picture'),
    });
  });

  it('answers the same when asked twice, whoever asks again', async () => {
    const saga = await started('pondering');
    await ask(door, saga, asLee);
    const again = await ask(door, `${saga}?reason=again`, { method: 'DELETE' });
    expect(again).toMatchObject({
      status: 200,
      body: { status: 'cancelled', cancelled: { by: 'lee', reason: 'no reason given' } },
    });
  });

  it('undoes what is applied, or may be, before the saga ends', async () => {
    const saga = await started('reserving');
    const answer = await ask(door, saga, asLee);
    expect(answer).toMatchObject({ status: 200, body: { cancelled: { by: 'lee' } } });
    const plan = await ask(door, `${saga}/compensation`);
    expect(compensationPlan.parse(plan.body)).toMatchObject({ begun: true, steps: [{ step: 'take' }] });
    await fetch(`${door.url}${saga}/events`).then((feed) => feed.text());
    expect((await ask(door, saga)).body).toMatchObject({ status: 'cancelled' });
  });

  it('is refused for a saga that has ended, that nobody holds, and for an endless reason', async () => {
    const saga = await started('greeting');
    await fetch(`${door.url}${saga}/events`).then((feed) => feed.text());
    expect(await problemOf(door, saga, asLee)).toMatchObject({ status: 409, code: 'SAGA_ENDED' });
    const unknown = await problemOf(door, '/api/v1/workflows/nope', asLee);
    expect(unknown).toMatchObject({ status: 404, code: 'SAGA_NOT_FOUND' });
    const long = await problemOf(door, `${saga}?reason=${'x'.repeat(501)}`, asLee);
    expect(long).toMatchObject({ status: 400, errors: [{ path: 'reason' }] });
  });
});
