import { sagaStream } from '@aura/kernel';
import { forbidden, unauthenticated } from '../problems/known-problems';
import { ask, execute, problemOf } from '../testing/ask';
import { GREETING } from '../testing/greeter';
import { activate, openRealDoor, type RealDoor } from '../testing/real-door';
import type { Identify } from './identify';

const TOKENS: Readonly<Record<string, string>> = { 'Bearer of-kim': 'kim', 'Bearer of-lee': 'lee' };

const identify: Identify = async ({ headers, method }) => {
  const subject = TOKENS[String(headers['authorization'])];
  if (subject === undefined) throw unauthenticated('the request carries no token');
  if (method === 'POST' && subject === 'lee')
    throw forbidden('lee may only look', 'Ask for the role operator.');
  return { subject, roles: ['operator'] };
};

let door: RealDoor;
beforeAll(async () => {
  door = await openRealDoor({ identify });
  await activate(door, GREETING);
});
afterAll(() => door.close());

const START = '/api/v1/workflows/execute/async';
const greeting = (token: string) =>
  execute({ workflow: 'greeting', input: { who: 'A' } }, { authorization: token });

describe('who makes a request', () => {
  it('goes into the journal with the saga that it starts', async () => {
    const { body } = await ask(door, START, greeting('Bearer of-kim'));
    const { journal } = await door.runtime.stores('coordinator');
    const { sagaId } = body as { readonly sagaId: string };
    const [first] = await journal.read(sagaStream(sagaId));
    expect(JSON.parse(first?.body ?? '[]')).toMatchObject([
      { actor: { subject: 'kim', roles: ['operator'] } },
    ]);
  });

  it('is asked for first: 401 when nobody knows, 403 when they may not', async () => {
    const nobody = await problemOf(door, START, execute('broken'));
    expect(nobody).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer');
    expect(await problemOf(door, START, greeting('Bearer of-lee'))).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
    });
    expect(await problemOf(door, '/api/v1/definitions')).toMatchObject({ status: 401 });
  });

  it('is not asked for health', async () => {
    expect((await ask(door, '/health')).status).toBe(200);
  });
});
