import { StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';
import type { Log } from '@aura/kernel';
import { openLog } from './open-log';
import type { LogOptions } from './open-log';

interface Written {
  readonly log: Log;
  readonly lines: string[];
  /** The last line as JSON. */
  readonly last: () => Readonly<Record<string, unknown>>;
}

function written(options: Partial<LogOptions> = {}): Written {
  const lines: string[] = [];
  const log = openLog({
    level: 'debug',
    service: 'nlu',
    format: 'json',
    write: (line) => lines.push(line),
    ...options,
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Readonly<Record<string, unknown>> };
}

describe('a line of the log', () => {
  test('is one JSON object with level, time, service, message and fields', () => {
    const { log, lines, last } = written({ instance: 'nlu-1' });
    log.info('saga started', { correlationId: 's1', step: 'a', partitions: [1, 2], absent: undefined });
    expect(lines[0]?.endsWith('\n')).toBe(true);
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      service: 'nlu',
      instance: 'nlu-1',
      msg: 'saga started',
      correlationId: 's1',
      step: 'a',
      partitions: [1, 2],
    });
  });

  test('is written from its level on', () => {
    const { log, lines } = written({ level: 'warn' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg)).toEqual(['c', 'd']);
    const silent = written({ level: 'silent' });
    silent.log.error('e');
    expect(silent.lines).toEqual([]);
  });

  test('for people is one line of text', () => {
    const { log, lines } = written({ format: 'text' });
    log.warn('something happened', { queue: 'q', error: new RangeError('two\nlines') });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/WARN.*something happened/);
    expect(lines[0]).toContain('"queue":"q"');
    expect(lines[0]?.trim()).not.toContain('\n');
    const coloured = written({ format: 'colour' });
    coloured.log.warn('x');
    expect(coloured.lines[0]).toContain('\u001b[');
    expect(lines[0]).not.toContain('\u001b[');
  });

  test('tells an error of ours with what to do, any other with where it came from, and causes', () => {
    const { log, last } = written();
    log.error('no store', { error: new StoreUnavailableError('the store is away', new RangeError('inner')) });
    expect(last()['error']).toMatchObject({
      type: 'StoreUnavailableError',
      code: 'STORE_UNAVAILABLE',
      message: 'the store is away',
      help: expect.stringContaining('Check') as string,
      cause: {
        type: 'RangeError',
        message: 'inner',
        stack: expect.stringContaining('open-log.spec') as string,
      },
    });
    expect(last()['error']).not.toHaveProperty('stack');
    const endless = new Error('round');
    Object.assign(endless, { cause: endless, stack: undefined });
    log.error('again', { error: endless });
    expect(JSON.stringify(last()).match(/round/g)).toHaveLength(5);
  });
});

describe('what must never stand in a log', () => {
  const secret = 'geh3im-Wort';

  test.each([
    ['a URL of the broker', `connect amqp://aura:${secret}@10.0.0.1:5672/x refused`],
    ['a URL whose password holds an @', `mongodb://aura:p@${secret}@h1,h2/db`],
    ['a URL whose password holds a quote', `redis://:a"${secret}@h`],
    ['a bearer token', `Authorization: Bearer ${secret}abc.def`],
    ['basic credentials', `authorization: Basic ${Buffer.from(`aura:${secret}`).toString('base64')}`],
    ['a JSON Web Token', `token was eyJhbGciOiJIUzI1NiJ9.${secret}.sig-1`],
    ['a password in a text', `login with password=${secret} failed`],
    ['a token in a query', `GET /x?access_token=${secret}&y=1`],
    ['a password in JSON', JSON.stringify({ user: 'a', password: secret })],
  ])('%s', (_what, text) => {
    for (const format of ['json', 'text'] as const) {
      const { log, lines } = written({ format });
      log.error(text, {
        error: new Error(text, { cause: new UnsafeSetupError(text, text) }),
        url: text,
        list: [text],
      });
      const all = lines.join('');
      expect(all).not.toContain(secret);
      expect(all).not.toContain(Buffer.from(`aura:${secret}`).toString('base64'));
      expect(all).toContain('***');
    }
  });

  test('fields that are secret by their names, and what could be a payload', () => {
    const { log, lines, last } = written();
    log.warn('x', {
      password: secret,
      accessToken: secret,
      apiKey: secret,
      data: { wish: secret },
      input: secret,
      event: { data: secret },
      items: [{ a: secret }, 1],
      nothing: null,
      big: 7n,
      fn: () => secret,
    });
    expect(lines.join('')).not.toContain(secret);
    expect(last()).toMatchObject({
      password: '***',
      data: '(payload left out)',
      event: '(object left out)',
      items: ['(object left out)', 1],
      nothing: null,
      big: '7',
      fn: '(object left out)',
    });
  });

  test('what a parser quotes of what it could not read', () => {
    const { log, lines } = written();
    let error: unknown;
    try {
      JSON.parse(`{"wish": "${secret}`);
    } catch (thrown) {
      error = thrown;
    }
    log.warn('x', { error });
    try {
      JSON.parse(`${secret} and more`);
    } catch (thrown) {
      log.warn('x', { error: thrown });
    }
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain(secret.slice(0, 6));
  });

  test('but a line without secrets stays as it is', () => {
    const { log, last } = written();
    const text = 'consumer nlu took 3 tokens; see http://127.0.0.1:8006/api/v1/workflows/abc and mail a@b.de';
    log.info(text);
    expect(last()['msg']).toBe(text);
  });
});
