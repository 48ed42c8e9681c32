import { executeAccepted, rerunPlan, sagaDetail } from '@aura/contracts';
import { ask, execute, problemOf } from './testing/ask';
import { activate, openRealDoor, type RealDoor } from './testing/real-door';

let door: RealDoor;
beforeAll(async () => {
  door = await openRealDoor({});
  await activate(door, TWICE);
});
afterAll(() => door.close());

const TWICE = `id: twice
name: Twice
version: 1.0.0
input: { type: object, properties: { who: { type: string } }, required: [who] }
steps:
  - { id: hail, name: Hail, action: greet, input: { who: input.who } }
  - { id: again, name: Again, action: greet, dependencies: [hail], input: { who: input.who } }
example: { who: World }
`;

async function greeted(): Promise<string> {
  const request = execute({ workflow: 'twice', input: { who: 'World' } });
  const { body } = await ask(door, '/api/v1/workflows/execute/async', request);
  const saga = `/api/v1/workflows/${executeAccepted.parse(body).sagaId}`;
  await ended(saga, 1);
  return saga;
}

async function ended(saga: string, run: number): Promise<void> {
  for (;;) {
    const detail = sagaDetail.parse((await ask(door, saga)).body);
    if (detail.run === run && detail.endedAt !== undefined) return;
  }
}

const wish = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe('running a saga again over HTTP', () => {
  it('tells what it would do, and does it', async () => {
    const saga = await greeted();
    const { steps } = sagaDetail.parse((await ask(door, saga)).body);
    const from = steps[0]?.id ?? '';
    const plan = rerunPlan.parse((await ask(door, `${saga}/rerun?from=${from}`)).body);
    expect(plan).toMatchObject({ from, run: 2, again: steps.map(({ id }) => id), carried: [] });
    expect(plan.refusal).toBeUndefined();
    const done = await ask(door, `${saga}/rerun`, wish({ from, reason: 'once more' }));
    expect(done.status).toBe(200);
    await ended(saga, 2);
    expect(sagaDetail.parse((await ask(door, saga)).body).steps.map(({ run }) => run)).toEqual(
      steps.map(() => 2),
    );
  });

  it('refuses what cannot be, with the reason', async () => {
    const saga = await greeted();
    const plan = rerunPlan.parse((await ask(door, `${saga}/rerun?from=nope`)).body);
    expect(plan.refusal).toContain('has no step "nope"');
    expect(await problemOf(door, `${saga}/rerun`, wish({ from: 'nope', reason: 'x' }))).toMatchObject({
      status: 409,
      code: 'CANNOT_RERUN',
      detail: plan.refusal,
    });
    for (const body of [{ reason: 'x' }, { from: 'a' }, { from: 'a', reason: '' }])
      expect(await problemOf(door, `${saga}/rerun`, wish(body))).toMatchObject({ status: 400 });
    expect(await problemOf(door, `${saga}/rerun`)).toMatchObject({ status: 400 });
    for (const init of [undefined, wish({ from: 'a', reason: 'x' })])
      expect(await problemOf(door, '/api/v1/workflows/nope/rerun?from=a', init)).toMatchObject({
        status: 404,
        code: 'SAGA_NOT_FOUND',
      });
  });
});
