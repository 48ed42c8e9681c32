import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { callAura, spawnAura } from './testing/spawned-aura';

const LAUNCHER = resolve(__dirname, '../bin/aura.cjs');

jest.setTimeout(60_000);

let cwd: string;
const runFile = (): string => join(cwd, '.aura', 'run.json');

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'aura-up-'));
});

afterAll(async () => {
  await callAura(cwd, 'down');
  rmSync(cwd, { recursive: true, force: true });
});

describe('an Aura that stays', () => {
  it('is not there at first: status says so, logs have nothing to show, down has nothing to do', async () => {
    expect(await callAura(cwd, 'status')).toMatchObject({ code: 4, out: expect.stringContaining('aura up') });
    expect(JSON.parse((await callAura(cwd, 'status', '--json')).out)).toEqual({ status: 'down' });
    expect(await callAura(cwd, 'logs')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there are no logs'),
    });
    expect(await callAura(cwd, 'down')).toMatchObject({ code: 0, out: 'No Aura is running here.\n' });
  });

  it('is up when the command ends, and a second one changes nothing', async () => {
    const { code, out } = await callAura(cwd, 'up', '--port', '0');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Aura is up at http:/) });
    const again = await callAura(cwd, 'up', '--port', '0');
    expect(again).toMatchObject({ code: 0, out });
  });

  it('tells its processes, participants and health', async () => {
    const { code, out } = await callAura(cwd, 'status');
    expect(code).toBe(0);
    expect(out).toMatch(/^Aura 0\.1\.0 is up at http:.* embedded\)$/m);
    expect(out).toMatch(/^ {2}aura +ready +pid \d+ {2}http:\S+ {2}0\.1\.0$/m);
    expect(out).toMatch(/^ {2}nlu +present +1\.0\.0 {2}understand-query$/m);
    const seen = JSON.parse((await callAura(cwd, 'status', '--json')).out);
    expect(seen).toMatchObject({ status: 'up', ground: 'embedded', health: { status: 'ok' } });
    expect(seen.participants.missing).toEqual([]);
  });

  it('serves other commands, and keeps a log', async () => {
    const run = await callAura(cwd, 'run', 'quick_style_assessment', '--json');
    expect(run).toMatchObject({ code: 0, err: expect.stringContaining('Using the Aura that runs at') });
    const { code, out } = await callAura(cwd, 'logs', 'aura');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Aura is up at') });
    const { sagaId } = JSON.parse(run.out);
    expect(await callAura(cwd, 'logs', sagaId)).toMatchObject({
      code: 0,
      out: expect.stringContaining('completed'),
    });
  });

  it('shows the lines of one saga over all services, and follows a log', async () => {
    const logs = join(cwd, '.aura', 'logs');
    const line = (time: string, text: string): string =>
      `${JSON.stringify({ time: `2030-01-01T00:00:0${time}.000Z`, correlationId: text })}\n`;
    writeFileSync(join(logs, 'nlu.log'), line('2', 'saga-1') + line('3', 'saga-2'));
    writeFileSync(join(logs, 'coordinator.log'), `${line('1', 'saga-1')}${line('4', 'saga-1')}`);
    const { out } = await callAura(cwd, 'logs', 'saga-1');
    expect(out.match(/^\S+/gm)).toEqual(['coordinator', 'nlu', 'coordinator']);
    expect(await callAura(cwd, 'logs', 'saga-9')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no log names "saga-9"'),
    });
    const following = spawnAura(cwd, 'logs', 'nlu', '--follow');
    await following.says('saga-2');
    writeFileSync(join(logs, 'nlu.log'), line('5', 'saga-3'), { flag: 'a' });
    await following.says('saga-3');
    following.process.kill('SIGINT');
    expect(await following.ended).toMatchObject({ code: 0 });
  });

  it('is down when the command ends, and its data are there for the next', async () => {
    const { pid } = JSON.parse(readFileSync(runFile(), 'utf8'));
    expect(await callAura(cwd, 'down')).toMatchObject({
      code: 0,
      out: `Aura is down (process ${pid} has ended).\n`,
    });
    expect(existsSync(runFile())).toBe(false);
    expect(existsSync(join(cwd, '.aura', 'data', 'aura.db'))).toBe(true);
  });

  it('that does not come up says why, with the exit code of its reason', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const refused = await callAura(cwd, '--data', join(cwd, 'file', 'data'), 'up');
    expect(refused.code).not.toBe(0);
    const env = {
      AURA_RABBITMQ_URL: 'http://x',
      AURA_MONGODB_URL: 'mongodb://x',
      AURA_REDIS_URL: 'redis://x',
    };
    const child = spawn(process.execPath, [LAUNCHER, '--servers', '--port', '0', 'up'], {
      cwd,
      env: { ...process.env, ...env, AURA_URL: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (chunk) => (err += String(chunk)));
    const [code] = await once(child, 'close');
    expect(err).toContain('cannot start: AURA_RABBITMQ_URL is "http://x", and it must be a URL');
    expect(code).toBe(5);
    expect(existsSync(runFile())).toBe(false);
  });

  it('never signals a process that only has the number of a dead one', async () => {
    const innocent = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    await once(innocent, 'spawn');
    mkdirSync(join(cwd, '.aura'), { recursive: true });
    writeFileSync(runFile(), JSON.stringify({ pid: innocent.pid, url: 'http://127.0.0.1:9' }));
    const refused = await callAura(cwd, 'down');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('nobody answers as Aura') });
    expect(innocent.exitCode).toBe(null);
    innocent.kill('SIGKILL');
    await once(innocent, 'close');
    expect(await callAura(cwd, 'down')).toMatchObject({ code: 0 });
  });
});

it('an old Node is told in a sentence, before anything else is loaded', async () => {
  const old = join(cwd, 'old-node.cjs');
  writeFileSync(old, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });");
  const child = spawn(process.execPath, [LAUNCHER, 'status'], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: `--require ${old}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const [code] = await once(child, 'close');
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(/^Aura needs Node 20\.19 or newer and older than 25; this is Node 18\.20\.4 /),
  });
});
