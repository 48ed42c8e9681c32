import { compensationPlan, executeAccepted, sagaDetail } from '@aura/contracts';
import { ask, execute, problemOf } from './testing/ask';
import { RESERVING } from './testing/greeter';
import { activate, openRealDoor, type RealDoor } from './testing/real-door';

let door: RealDoor;
let saga: string;
beforeAll(async () => {
  door = await openRealDoor({});
  await activate(door, SUSPENDING);
  await activate(door, RESERVING);
  const request = execute({ workflow: 'suspending', input: { who: 'nobody' } });
  const { body } = await ask(door, '/api/v1/workflows/execute/async', request);
  saga = `/api/v1/workflows/${executeAccepted.parse(body).sagaId}`;
});
afterAll(() => door.close());

const SUSPENDING = `id: suspending
name: Suspending
version: 1.0.0
input: { type: object, properties: { who: { type: string } }, required: [who] }
steps:
  - id: hail
    name: Hail
    action: greet
    failure: { policy: suspend }
    input: { who: input.who }
output: { text: steps.hail.output.text }
example: { who: World }
`;

const because = (reason: string, more: object = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ reason, ...more }),
});

async function suspended(): Promise<void> {
  for (;;) {
    const { body } = await ask(door, saga);
    if (sagaDetail.parse(body).status === 'suspended') return;
  }
}

describe('mending a saga over HTTP', () => {
  it('shows what would be undone', async () => {
    const plan = compensationPlan.parse((await ask(door, `${saga}/compensation`)).body);
    expect(plan).toMatchObject({ begun: false, steps: [] });
    const unknown = await problemOf(door, '/api/v1/workflows/nope/compensation');
    expect(unknown).toMatchObject({ status: 404, code: 'SAGA_NOT_FOUND' });
  });

  it('refuses what the saga does not wait for, and a wish without a reason', async () => {
    await suspended();
    for (const verb of ['skip', 'resolve', 'retry'])
      expect(await problemOf(door, `${saga}/${verb}`, because('as agreed'))).toMatchObject({
        status: 409,
        code: 'CANNOT_MEND',
      });
    const nobody = await problemOf(door, '/api/v1/workflows/nope/retry', because('as agreed'));
    expect(nobody).toMatchObject({ status: 404, code: 'SAGA_NOT_FOUND' });
    const mute = await problemOf(door, `${saga}/retry`, because(''));
    expect(mute).toMatchObject({ status: 400, errors: [{ path: 'reason' }] });
  });

  it('resumes a suspended one with an output that a person gives', async () => {
    const wish = because('greeted by hand', { step: 'hail', output: { text: 'Hello!' } });
    const answer = await ask(door, `${saga}/resume`, wish);
    expect(answer).toMatchObject({ status: 200, body: { status: 'completed', output: { text: 'Hello!' } } });
  });
});
