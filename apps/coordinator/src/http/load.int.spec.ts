import { ask, execute, problemOf } from './testing/ask';
import { PONDERING } from './testing/greeter';
import { activate, openRealDoor, type RealDoor } from './testing/real-door';

const ASYNC = '/api/v1/workflows/execute/async';
const start = (key?: string) =>
  execute(
    { workflow: 'pondering', input: { who: 'Ada' } },
    key === undefined ? {} : { 'idempotency-key': key },
  );

describe('a house that is full', () => {
  let door: RealDoor;
  beforeAll(async () => {
    door = await openRealDoor({ coordinator: { mostOpenSagas: 2 } });
    await activate(door, PONDERING);
  });
  afterAll(() => door.close());

  it('answers 429 with when to come again, finishes what it has, and then takes more', async () => {
    for (const key of ['k1', 'k2', 'k3']) expect((await ask(door, ASYNC, start(key))).status).toBe(202);
    for (const path of [ASYNC, '/api/v1/workflows/execute']) {
      const refused = await problemOf(door, path, start());
      expect(refused).toMatchObject({
        status: 429,
        code: 'OVERLOADED',
        detail: expect.stringContaining('limit is 2'),
      });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const known = await ask(door, ASYNC, start('k3'));
    expect(known).toMatchObject({ status: 202, body: { duplicate: true } });
    door.gate.open();
    const deadline = performance.now() + 8000;
    for (;;) {
      const { status } = await fetch(door.url + ASYNC, start());
      if (status === 202) break;
      expect(status).toBe(429);
      expect(performance.now()).toBeLessThan(deadline);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
});
