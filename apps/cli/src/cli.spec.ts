import { cli } from './cli';
import { Interruption } from './interruption';
import { recordedTerminal } from './testing/recorded-terminal';
import { auraAt } from './testing/run-aura';
import { analysis, at, definition, feed, saga, sagaWithoutOutput, step } from './testing/sagas';
import { scratch } from './testing/scratch';
import { refusal, scriptedAura, type Answers } from './testing/scripted-aura';

const { file } = scratch();

const accepted = {
  status: 202,
  body: { sagaId: 's-1', workflow: 'greet', version: '1.0.0', status: 'running', duplicate: false },
};

const running = (detail: unknown, entries: string): Answers => ({
  'POST /api/v1/workflows/execute/async': accepted,
  'GET /api/v1/workflows/s-1': { body: detail },
  'GET /api/v1/workflows/s-1/events': { body: entries },
  'GET /api/v1/definitions': { body: { definitions: [definition()] } },
  'POST /api/v1/images': { status: 201, body: { digest: 'sha256:p', bytes: 4, contentType: 'image/png' } },
});

const done = feed(['running'], ['completed', 'say'], ['completed', 'shout_out'], ['completed']);
const bodyOf = (seen: readonly { readonly what: string; readonly body: string }[]): unknown =>
  JSON.parse(seen.find(({ what }) => what.endsWith('/async'))?.body ?? 'null');

describe('aura run', () => {
  it('shows each step in a line, then the end and the output', async () => {
    const { code, out, err, url } = await auraAt(
      running(saga(), done),
      'run',
      'greet',
      '--input',
      '{"who":"A"}',
    );
    expect(code).toBe(0);
    expect(err).toBe(`Using the Aura at ${url}.`);
    expect(out.split('\n')).toEqual([
      'saga s-1 of greet 1.0.0',
      '  ✓ say       completed      40 ms',
      '  ✓ shout_out completed      1.2 s',
      'saga completed after 1.2 s',
      '{',
      '  "greeting": "hello"',
      '}',
    ]);
  });

  it('prints exactly one object with --json, and the steps beside it', async () => {
    const { code, out, err } = await auraAt(running(saga(), done), 'run', 'greet', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      sagaId: 's-1',
      status: 'completed',
      durationMs: 1234,
      output: { greeting: 'hello' },
      steps: [
        { id: 'say', status: 'completed', attempts: 1, startedAt: at(0), endedAt: at(40) },
        { id: 'shout_out', status: 'completed', attempts: 1, startedAt: at(40), endedAt: at(1234) },
      ],
    });
    expect(err).toContain('✓ say');
  });

  it("takes the definition's example when no input is given, and puts the picture into it", async () => {
    const picture = file('p.png', Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1'));
    const { code, seen } = await auraAt(
      running(saga(), done),
      'run',
      'greet',
      '--image',
      picture,
      '--user',
      'u',
    );
    expect(code).toBe(0);
    expect(bodyOf(seen)).toEqual({
      workflow: 'greet',
      userId: 'u',
      input: { who: 'example', image: 'sha256:p' },
    });
  });

  it('reads the input from a file', async () => {
    const input = file('input.json', '{"who":"file"}');
    const { seen } = await auraAt(running(saga(), done), 'run', 'greet', '--input', `@${input}`);
    expect(bodyOf(seen)).toEqual({ workflow: 'greet', input: { who: 'file' } });
  });

  it('shows a fashion analysis as a page', async () => {
    const { out } = await auraAt(running(saga({ output: { ...analysis } }), done), 'run', 'greet');
    expect(out).toContain('#1f3a5f  62 %  navy');
    expect(out).toContain('1. neutral 90 %: Linen shirt');
    expect(out).toContain('1. Linen shirt  (80 %, 49.90 EUR)');
    expect(out).toContain('Its colours are yours.');
  });

  it('ends with 3 when the saga failed, and says where and why', async () => {
    const error = {
      kind: 'business' as const,
      code: 'NO_COLOUR',
      message: 'nothing is seen',
      help: 'Use a picture.',
    };
    const open = sagaWithoutOutput({ status: 'failed', failedStep: 'say', error });
    const detail = {
      ...open,
      steps: [step('say', { status: 'failed', attempts: 3, error }), step('shout_out')],
    };
    const entries = feed(['running'], ['failed', 'say'], ['failed']);
    const { code, out } = await auraAt(running(detail, entries), 'run', 'greet', '--input', '{}');
    expect(code).toBe(3);
    expect(out).toContain('✗ say       failed         40 ms 3 attempts nothing is seen (NO_COLOUR)');
    expect(out).toContain('stopped at step say: nothing is seen (NO_COLOUR)\nUse a picture.');
  });

  it.each([
    ['suspended', 'applied, or perhaps applied: say'],
    ['compensation_failed', 'still applied: say'],
  ] as const)('ends with 3 when the saga is %s and a person must act', async (status, standing) => {
    const open = sagaWithoutOutput({ status, applied: ['say'] });
    const { code, out } = await auraAt(
      running(open, feed(['running'], [status])),
      'run',
      'greet',
      '--input',
      '1',
    );
    expect(code).toBe(3);
    expect(out).toContain(standing);
  });

  it('ends with 1 when the start is refused, and names each reason', async () => {
    const errors = [
      { path: 'image', message: 'is missing' },
      { path: 'query', message: 'is empty' },
    ];
    const answers = {
      'POST /api/v1/workflows/execute/async': refusal(422, 'INVALID_INPUT', 'the input does not fit', {
        errors,
      }),
    };
    const { code, out, err } = await auraAt(answers, 'run', 'greet', '--json', '--input', '{}');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(
      'error: the input does not fit\n  image: is missing\n  query: is empty\nDo otherwise.',
    );
    expect(err).not.toContain('    at ');
  });

  it('says the one reason once that the refusal names itself', async () => {
    const errors = [{ path: 'image', message: 'is missing' }];
    const answers = {
      'POST /api/v1/workflows/execute/async': refusal(
        422,
        'INVALID_INPUT',
        'it does not fit: image is missing',
        {
          errors,
        },
      ),
    };
    const { err } = await auraAt(answers, 'run', 'greet', '--json', '--input', '{}');
    expect(err).toContain('error: it does not fit: image is missing\nDo otherwise.');
  });

  it('names the workflows that are there when the one asked for is not', async () => {
    const { code, err } = await auraAt(running(saga(), done), 'run', 'nope');
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining('no workflow nope\nThere is: greet.'),
    });
    const other = await auraAt(running(saga(), done), 'run', 'greet', '--workflow-version', '7.0.0');
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('no workflow greet 7.0.0') });
  });

  it('ends with 130 when it is interrupted, and says that the saga goes on', async () => {
    const controller = new AbortController();
    const answers = running(saga(), `${feed(['running'])}: waiting\n\n`);
    const server = await scriptedAura(answers);
    const { terminal, err } = recordedTerminal();
    const args = ['run', 'greet', '--input', '{}', '--url', server.url];
    const code = cli({ args, version: '1', terminal, signal: controller.signal, debug: false });
    while (!server.seen.some(({ what }) => what.endsWith('/events')))
      await new Promise((go) => setTimeout(go, 5));
    controller.abort(new Interruption('SIGINT'));
    expect(await code).toBe(130);
    expect(err.join('\n')).toContain('Saga s-1 goes on');
    await server.close();
  });
});

describe('aura definitions', () => {
  it('lists what is published, and for whom it waits', async () => {
    const waiting = definition({ id: 'wave', status: 'publishing', waitsFor: ['waver'], description: '' });
    const body = { definitions: [definition(), waiting] };
    const { code, out } = await auraAt({ 'GET /api/v1/definitions': { body } }, 'definitions', 'list');
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'greet  1.0.0     active  2 steps  Says hello.',
      'wave   1.0.0     publishing (waits for waver)  2 steps',
    ]);
  });

  it('names each reason with file and line, and ends with 1', async () => {
    const problems = [
      { code: 'CYCLE', message: 'a needs b needs a', path: 'steps.0', line: 3 },
      { code: 'EMPTY', message: 'has no steps', path: '' },
    ];
    const bad = file('bad.yaml', 'id: x');
    const answers = { 'POST /api/v1/definitions/check': { body: { problems } } };
    const { code, out } = await auraAt(answers, 'definitions', 'validate', bad);
    expect(code).toBe(1);
    expect(out).toBe(`${bad}:3: a needs b needs a\n${bad}: has no steps`);
  });

  it('publishes one after the other, and says why one was refused', async () => {
    const problems = [{ code: 'CYCLE', message: 'a needs b needs a', path: 'steps.0', line: 3 }];
    const files = [file('bad.yaml', 'id: x'), file('good.yaml', 'id: greet')];
    const waiting = { body: definition({ status: 'publishing', waitsFor: ['waver'] }) };
    const asked = {
      'POST /api/v1/definitions': waiting,
      'GET /api/v1/definitions': { body: { definitions: [] } },
    };
    const good = await auraAt(asked, 'definitions', 'publish', '--wait', '0.2', ...files);
    expect(good).toMatchObject({
      code: 0,
      out: files.map((name) => `${name}: greet 1.0.0 publishing (waits for waver)`).join('\n'),
    });
    const refused = { 'POST /api/v1/definitions': refusal(422, 'INVALID_DEFINITION', 'no', { problems }) };
    expect(await auraAt(refused, 'definitions', 'publish', ...files)).toMatchObject({
      code: 1,
      out: files.map((name) => `${name}:3: a needs b needs a`).join('\n'),
    });
    const full = { 'POST /api/v1/definitions': refusal(429, 'OVERLOADED', 'too much') };
    expect(await auraAt(full, 'definitions', 'publish', ...files)).toMatchObject({ code: 4, out: '' });
  });

  it('waits until what it has published is active', async () => {
    const answers = {
      'POST /api/v1/definitions': { body: definition({ status: 'publishing', waitsFor: ['waver'] }) },
      'GET /api/v1/definitions': { body: { definitions: [definition({ version: '0.9.0' }), definition()] } },
    };
    const one = file('one.yaml', 'id: greet');
    expect(await auraAt(answers, 'definitions', 'publish', one)).toMatchObject({
      code: 0,
      out: `${one}: greet 1.0.0 active`,
    });
    expect(await auraAt(answers, 'definitions', 'publish', '--wait', 'long', one)).toMatchObject({ code: 2 });
  });

  it('says of valid ones that they are, and ends with 0', async () => {
    const good = [file('a.yaml', 'id: a'), file('b.json', '{}')];
    const answers = { 'POST /api/v1/definitions/check': { body: { problems: [] } } };
    const { code, out } = await auraAt(answers, 'definitions', 'validate', ...good);
    expect({ code, out }).toEqual({ code: 0, out: good.map((name) => `${name}: valid`).join('\n') });
  });
});
