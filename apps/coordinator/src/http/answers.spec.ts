import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { StoreUnavailableError } from '@aura/kernel';
import { createHttpApp } from './http-app';
import { httpModule } from './http-module';
import { listen, localActor } from '@aura/nest';
import { ask, execute, problemOf } from './testing/ask';
import { ScriptedCoordinator } from './testing/scripted-coordinator';
import { serve, type Served } from './testing/served';

let served: Served;

describe('answers of the coordinator', () => {
  const refusals = [
    ['UNKNOWN_WORKFLOW', 404],
    ['INVALID_INPUT', 422],
    ['KEY_REUSED', 422],
    ['NOT_ACTIVE', 409],
    ['OVERLOADED', 429],
    ['UNAVAILABLE', 503],
  ] as const;

  it.each(refusals)('make %s a %i', async (code, status) => {
    const errors = [{ path: 'image', message: 'is missing' }];
    const error = { code, message: 'no', help: 'do', errors, retryAfterMs: 2400 };
    served = await serve(new ScriptedCoordinator({ start: async () => ({ ok: false, error }) }).coordinator);
    const problem = await problemOf(
      served,
      '/api/v1/workflows/execute/async',
      execute({ workflow: 'greet' }),
    );
    expect(problem).toMatchObject({ status, code, detail: 'no', help: 'do', errors });
    expect(problem.headers.get('retry-after')).toBe(status === 429 || status === 503 ? '3' : null);
    await served.app.close();
  });

  it('are 503 when the store is away, and 500 without the inside when nobody expected it', async () => {
    const find = async (id: string): Promise<never> => {
      throw id === 'away' ? new StoreUnavailableError('the store is away') : new Error('secret inside');
    };
    served = await serve(new ScriptedCoordinator({ find }).coordinator);
    const away = await problemOf(served, '/api/v1/workflows/away');
    expect(away).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' });
    expect(away.headers.get('retry-after')).toBe('1');
    const unexpected = await problemOf(served, '/api/v1/workflows/other');
    expect(unexpected).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(JSON.stringify(unexpected)).not.toContain('secret');
    expect(served.lines.join('\n')).toContain('secret inside');
    await served.app.close();
  });

  it('bring a definition in as it was written, with its name, and every problem out', async () => {
    const seen: string[] = [];
    const problem = { code: 'CYCLE', message: 'a needs b needs a', path: 'steps.0', line: 3, file: 'x.yaml' };
    const coordinator = new ScriptedCoordinator({
      publishDefinition: async (text, file, actor) => {
        seen.push(text, file, actor.subject);
        return { ok: false, error: [problem] };
      },
      checkDefinition: async (text, file) => {
        seen.push(text, file);
        return [problem];
      },
    }).coordinator;
    served = await serve(coordinator);
    const post = (type: string, body: string) => ({
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    const refused = await problemOf(
      served,
      '/api/v1/definitions?file=x.yaml',
      post('application/yaml', 'id: a\n# ä'),
    );
    expect(refused).toMatchObject({ status: 422, code: 'INVALID_DEFINITION', problems: [problem] });
    const checked = await ask(
      served,
      '/api/v1/definitions/check',
      post('application/json; charset=utf-8', '{\n "id": 1'),
    );
    expect(checked).toMatchObject({ status: 200, body: { problems: [problem] } });
    expect(seen).toEqual(['id: a\n# ä', 'x.yaml', 'local:test', '{\n "id": 1', 'definition.json']);
    expect(await problemOf(served, '/api/v1/definitions', post('text/plain', 'id: a'))).toMatchObject({
      status: 415,
    });
    expect((await ask(served, '/api/v1/definitions')).body).toEqual({ definitions: [] });
    await served.app.close();
  });
});

describe('listening', () => {
  it('moves to a free port when its own is busy, and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const { coordinator } = new ScriptedCoordinator();
    const health = () => Promise.reject(new Error('not asked'));
    const app = await createHttpApp(
      httpModule({ coordinator, claims: { put: async () => '' }, health, log }),
      { log },
    );
    const url = await listen(app, { port, log });
    expect(url).not.toContain(String(port));
    expect((await fetch(`${url}/api/v1/definitions`)).status).toBe(200);
    expect(lines).toEqual([expect.stringContaining(`port ${port} is busy`)]);
    await app.close();
    other.close();
  });

  it('stops at once though clients keep their connections alive', async () => {
    let answer: (found: undefined) => void = () => undefined;
    const find = () => new Promise<undefined>((resolve) => (answer = resolve));
    const kept = await serve(new ScriptedCoordinator({ find }).coordinator);
    const slow = problemOf(kept, '/api/v1/workflows/slow');
    await ask(kept, '/health');
    const unused = connect(Number(new URL(kept.url).port), '127.0.0.1');
    await once(unused, 'connect');
    const since = performance.now();
    const closed = kept.app.close();
    setImmediate(() => answer(undefined));
    expect(await slow).toMatchObject({ code: 'SAGA_NOT_FOUND' });
    await closed;
    expect(performance.now() - since).toBeLessThan(2000);
  });

  it('names the local user, by number where it has no name', () => {
    expect(localActor(() => 'kim').subject).toBe('local:kim');
    const nameless = localActor(() => {
      throw new Error('no such user');
    });
    expect(nameless.subject).toMatch(/^local:(\d+|unknown)$/);
  });
});
