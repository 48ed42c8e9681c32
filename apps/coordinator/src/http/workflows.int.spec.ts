import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sagaDetail, sagaList, sagaStanding, templateList, welcome } from '@aura/contracts';
import { ask, execute, problemOf } from './testing/ask';
import { GREETING, PONDERING } from './testing/greeter';
import { activate, openRealDoor, type RealDoor } from './testing/real-door';

const LIST = '/api/v1/workflows';
const shell = promisify(execFile);

let door: RealDoor;
const ids: string[] = [];

beforeAll(async () => {
  door = await openRealDoor();
  for (const text of [GREETING, PONDERING]) await activate(door, text);
  for (const [who, userId] of [
    ['Ada', 'u1'],
    ['nobody', 'u1'],
    ['Bob', 'u2'],
    ['Eve', 'u2'],
    ['Cy', 'u2'],
  ]) {
    const request = execute({ workflow: 'greeting', input: { who }, userId });
    ids.push(sagaDetail.parse((await ask(door, `${LIST}/execute`, request)).body).sagaId);
  }
  await ask(door, `${LIST}/execute/async`, execute({ workflow: 'pondering', input: { who: 'Ada' } }));
  await untilListed('status=completed', 4);
});
afterAll(() => door.close());

async function list(query: string) {
  return sagaList.parse((await ask(door, `${LIST}?${query}`)).body);
}

async function untilListed(query: string, count: number): Promise<void> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const { sagas } = await list(query);
    if (sagas.length === count) return;
    if (performance.now() > deadline) throw new Error(`${sagas.length} sagas under ${query}, not ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the list of sagas', () => {
  it('is newest first, in pages that follow each other', async () => {
    const whole = await list('');
    expect(whole.sagas).toHaveLength(6);
    expect(whole.next).toBeUndefined();
    const paged: string[] = [];
    let next: string | undefined;
    do {
      const page = await list(`limit=4${next === undefined ? '' : `&cursor=${next}`}`);
      paged.push(...page.sagas.map(({ sagaId }) => sagaId));
      next = page.next;
    } while (next !== undefined);
    expect(paged).toEqual(whole.sagas.map(({ sagaId }) => sagaId));
  });

  it('is filtered by status (one, several times, with commas), workflow, user and time', async () => {
    expect((await list('status=failed')).sagas.map(({ sagaId }) => sagaId)).toEqual([ids[1]]);
    for (const query of ['status=failed&status=running', 'status=failed,running'])
      expect((await list(query)).sagas.map(({ status }) => status)).toEqual(['running', 'failed']);
    expect((await list('workflow=pondering')).sagas).toHaveLength(1);
    expect((await list('userId=u2&workflow=greeting')).sagas).toHaveLength(3);
    const [newest] = (await list('limit=1')).sagas;
    const at = encodeURIComponent(newest?.startedAt ?? '');
    expect((await list(`from=${at}`)).sagas.map(({ sagaId }) => sagaId)).toContain(newest?.sagaId);
    expect((await list(`to=${at}`)).sagas.map(({ sagaId }) => sagaId)).not.toContain(newest?.sagaId);
    expect((await list('to=2020-01-01T00:00:00%2B01:00')).sagas).toEqual([]);
  });

  it('says why one failed', async () => {
    expect((await list('status=failed')).sagas[0]).toMatchObject({ error: { code: 'NOBODY' } });
  });

  it.each([
    ['status=done', 'status.0'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=many', 'limit'],
    ['from=yesterday', 'from'],
    ['to=2020-13-01T00:00:00Z', 'to'],
    ['workflow=', 'workflow'],
    [`userId=${'u'.repeat(201)}`, 'userId'],
    ['cursor=nonsense', 'cursor'],
    ['cursor=', 'cursor'],
    [`cursor=${Buffer.from('[-1,"x"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('{"$ne":1}').toString('base64url')}`, 'cursor'],
    [`cursor=${'A'.repeat(501)}`, 'cursor'],
    ['limit=1&limit=2', 'limit'],
  ])('refuses %s, by name', async (query, path) => {
    const problem = await problemOf(door, `${LIST}?${query}`);
    expect(problem).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(problem.errors?.map((error) => error.path)).toContain(path);
  });

  it('refuses a filter that it does not know, instead of leaving it out', async () => {
    const problem = await problemOf(door, `${LIST}?state=failed`);
    expect(problem).toMatchObject({ status: 400, detail: expect.stringContaining('state') });
  });

  it('takes a cursor as no more than a place: one made up finds what is behind it', async () => {
    const cursor = Buffer.from('[0,"x"]').toString('base64url');
    expect(await list(`cursor=${cursor}`)).toEqual({ sagas: [] });
  });
});

describe('the status of a saga', () => {
  it('is how it stands, without payloads', async () => {
    const running = (await list('status=running')).sagas[0]?.sagaId ?? '';
    const standing = sagaStanding.parse((await ask(door, `${LIST}/${running}/status`)).body);
    expect(standing).toMatchObject({
      status: 'running',
      waitingFor: expect.stringContaining('ponder'),
      owner: expect.stringContaining('coordinator'),
      sequence: 1,
    });
    const { body } = await ask(door, `${LIST}/${ids[1]}/status`);
    expect(body).toMatchObject({ status: 'failed', failedStep: 'first' });
    expect(Object.keys(body as object)).not.toEqual(expect.arrayContaining(['input']));
    expect(await problemOf(door, `${LIST}/nope/status`)).toMatchObject({
      status: 404,
      code: 'SAGA_NOT_FOUND',
    });
  });
});

describe('templates', () => {
  it('say what a workflow takes, and start its example by a line for the shell', async () => {
    const { templates } = templateList.parse((await ask(door, `${LIST}/templates`)).body);
    expect(templates.map(({ workflow, waitsFor }) => [workflow, waitsFor])).toEqual([
      ['greeting', []],
      ['pondering', []],
    ]);
    const [greeting] = templates;
    expect(greeting).toMatchObject({
      input: { type: 'object', required: ['who'] },
      example: { who: 'World' },
      version: '1.0.0',
    });
    const { stdout } = await shell('sh', ['-c', greeting?.curl ?? '']);
    expect(sagaDetail.parse(JSON.parse(stdout))).toMatchObject({
      status: 'completed',
      output: { text: 'Hello, Hello, World!!' },
    });
  });

  it('quote what a shell would take for its own, and name the token where one was sent', async () => {
    const said = `it's "so" $HOME \`id\` \\ %s`;
    const quoted = GREETING.replace('id: greeting', 'id: quoted').replace(
      'who: World',
      `who: ${JSON.stringify(said)}`,
    );
    await activate(door, quoted);
    const answer = await ask(door, `${LIST}/templates`, { headers: { authorization: 'Bearer x' } });
    const { templates } = templateList.parse(answer.body);
    const curl = templates.find(({ workflow }) => workflow === 'quoted')?.curl ?? '';
    expect(curl).toContain('-H "authorization: Bearer $AURA_TOKEN"');
    const { stdout } = await shell('sh', ['-c', curl]);
    expect(sagaDetail.parse(JSON.parse(stdout))).toMatchObject({ input: { who: said }, status: 'completed' });
  });
});

describe('the root', () => {
  it('says what this is, and every road that it names is there', async () => {
    const { name, links } = welcome.parse((await ask(door, '/')).body);
    expect(name).toBe('Aura');
    for (const path of Object.values(links)) {
      const { status } = await fetch(door.url + path, {
        method: path === '/api/v1/images' ? 'OPTIONS' : 'GET',
      });
      expect([path, status]).toEqual([path, path === '/api/v1/images' ? 405 : 200]);
    }
  });
});
