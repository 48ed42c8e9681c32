import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAura } from './find-aura';

const URLS = { AURA_RABBITMQ_URL: 'amqp://a', AURA_MONGODB_URL: 'mongodb://b', AURA_REDIS_URL: 'redis://c' };
const servers = { rabbitmq: 'amqp://x', mongodb: 'mongodb://y', redis: 'redis://z' };

describe('the Aura of a service', () => {
  let cwd: string;
  let above: string;

  beforeEach(() => {
    above = mkdtempSync(join(tmpdir(), 'aura-find-'));
    cwd = join(above, 'a', 'b');
    mkdirSync(cwd, { recursive: true });
    mkdirSync(join(above, '.aura'));
  });
  afterEach(() => rmSync(above, { recursive: true }));

  const announce = (record: object): void =>
    writeFileSync(join(above, '.aura', 'run.json'), JSON.stringify(record));
  const found = (options: object = {}, env: NodeJS.ProcessEnv = {}): unknown =>
    findAura({ service: 'shop', ...options }, { env, cwd });

  it('is what the options say, before the environment', () => {
    const more = { ...servers, prefix: 'own' };
    expect(found({ servers: more, instance: 'one' }, { ...URLS, AURA_RUN_FILE: 'r.json' })).toEqual({
      kind: 'servers',
      environment: { ...more, instance: 'one' },
    });
    expect(found({ runFile: 'r.json' }, URLS)).toEqual({ kind: 'embedded', runFile: join(cwd, 'r.json') });
  });

  it('is what the environment says, before any file', () => {
    announce({ door: {} });
    const env = { ...URLS, AURA_INSTANCE: 'i', AURA_PREFIX: 'p' };
    expect(found({}, env)).toEqual({
      kind: 'servers',
      environment: {
        rabbitmq: 'amqp://a',
        mongodb: 'mongodb://b',
        redis: 'redis://c',
        prefix: 'p',
        instance: 'i',
      },
    });
    expect(found({}, { AURA_RUN_FILE: '/srv/run.json' })).toEqual({
      kind: 'embedded',
      runFile: '/srv/run.json',
    });
  });

  it('is the one that runs in the working directory or above it, else the servers there', () => {
    writeFileSync(
      join(above, '.aura', 'servers.env'),
      Object.entries(URLS)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    expect(found()).toMatchObject({
      kind: 'servers',
      environment: { rabbitmq: 'amqp://a', prefix: 'aura', instance: expect.stringMatching(/^shop-/) },
    });
    announce({ pid: 1, url: 'http://127.0.0.1:1' });
    expect(found()).toMatchObject({ kind: 'servers' });
    announce({ pid: 1, url: 'http://127.0.0.1:1', door: {} });
    expect(found()).toEqual({ kind: 'embedded', runFile: join(above, '.aura', 'run.json') });
  });

  it('is on the servers of the file also where a variable is set to nothing', () => {
    const lines = Object.entries(URLS).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(above, '.aura', 'servers.env'), lines.join(''));
    expect(found({}, { AURA_RABBITMQ_URL: '' })).toMatchObject({
      kind: 'servers',
      environment: { rabbitmq: 'amqp://a' },
    });
  });

  it('is on the servers beside the run file that is named, when the one announced there is', () => {
    const runFile = join(above, '.aura', 'run.json');
    announce({ pid: 1, url: 'http://127.0.0.1:1', ground: 'servers' });
    expect(found({ runFile })).toEqual({ kind: 'embedded', runFile });
    const text = Object.entries(URLS).map(([name, value]) => `${name}=${value}`);
    writeFileSync(join(above, '.aura', 'servers.env'), text.join('\n'));
    const onServers = { kind: 'servers', environment: { redis: 'redis://c', prefix: 'aura' } };
    expect(found({ runFile })).toMatchObject(onServers);
    expect(found({}, { AURA_RUN_FILE: runFile })).toMatchObject(onServers);
    rmSync(runFile);
    expect(found({ runFile })).toEqual({ kind: 'embedded', runFile });
  });

  it('is missed with a sentence that says where was looked', () => {
    expect(() => found()).toThrow(expect.objectContaining({ code: 'UNSAFE_SETUP' }));
    expect(() => found()).toThrow(/shop finds no Aura: .*AURA_RUN_FILE.*\.aura\/run\.json/);
    expect(() => found({}, { AURA_REDIS_URL: 'redis://c' })).toThrow(/AURA_RABBITMQ_URL.*AURA_MONGODB_URL/);
  });
});
