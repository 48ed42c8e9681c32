import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { callAura, spawnAura } from './testing/spawned-aura';

const PICTURE = resolve(__dirname, '../samples/navy-suit.jpg');
const WORKFLOWS = resolve(__dirname, '../../../contracts/workflows');
const STEPS = ['analyse', 'understand', 'profile', 'combine', 'recommend'];

jest.setTimeout(60_000);

let cwd: string;
const runFile = (): string => join(cwd, '.aura', 'run.json');

/** What a person has who never started anything. */
function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'aura-e2e-'));
}

describe('with nothing running', () => {
  beforeAll(() => {
    cwd = freshFolder();
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));
  let sagaId: string;

  it('a picture goes in and a completed saga comes out, as one object', async () => {
    const { code, out, err } = await callAura(
      cwd,
      'run',
      'complete_fashion_analysis',
      '--image',
      PICTURE,
      '--input',
      '{}',
      '--json',
    );
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringContaining('No Aura is running; starting one'),
    });
    const saga = JSON.parse(out);
    expect(saga).toMatchObject({ status: 'completed', durationMs: expect.any(Number) });
    expect(saga.steps.map(({ id, status }: { id: string; status: string }) => `${id} ${status}`)).toEqual(
      STEPS.map((id) => `${id} completed`),
    );
    expect(Object.keys(saga.output).sort()).toEqual(['outfits', 'palette', 'profile', 'recommendations']);
    expect(err).toMatch(/✓ analyse +completed +\d+ ms/);
    expect(existsSync(runFile())).toBe(false);
    sagaId = saga.sagaId;
  });

  it('what happened stays between commands, and a stale announcement is removed', async () => {
    mkdirSync(join(cwd, '.aura'), { recursive: true });
    writeFileSync(runFile(), JSON.stringify({ pid: 2 ** 22 - 7, url: 'http://127.0.0.1:9' }));
    const { code, out } = await callAura(cwd, 'sagas', 'show', sagaId);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/status +completed[^]*✓ recommend/),
    });
    expect(existsSync(runFile())).toBe(false);
    expect(await callAura(cwd, 'why', sagaId)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/completed/i),
    });
    expect(await callAura(cwd, 'why', '../x')).toMatchObject({ code: 1, out: '' });
  });

  it('two commands at once share one Aura, and both get what they came for', async () => {
    const calls = [1, 2].map(() => callAura(cwd, 'run', 'quick_style_assessment', '--json'));
    for (const { code, out, err } of await Promise.all(calls)) {
      expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
      expect(JSON.parse(out)).toMatchObject({ status: 'completed' });
    }
  });

  it('definitions are checked, with the line of each reason', async () => {
    const shipped = readdirSync(WORKFLOWS).filter((name) => name.endsWith('.yaml'));
    const good = shipped.map((name) => join(WORKFLOWS, name));
    expect(await callAura(cwd, 'definitions', 'validate', ...good)).toMatchObject({ code: 0 });
    const bad = join(cwd, 'bad.yaml');
    const steps = ['  - {id: a, action: analyse-image, dependencies: [b]}', '  - {id: b, action: no-such}'];
    writeFileSync(bad, ['id: bad', 'name: Bad', 'version: 1.0.0', 'steps:', ...steps].join('\n'));
    const refused = await callAura(cwd, 'definitions', 'validate', bad);
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(/bad\.yaml:6: .*no-such/);
  });

  it('aura start --once shows the analysis and ends', async () => {
    const { code, out } = await callAura(cwd, 'start', '--once');
    expect(code).toBe(0);
    for (const part of ['Palette', 'Profile', 'Outfits', 'Recommendations', 'Timeline', '█']) {
      expect(out).toContain(part);
    }
  });
});

describe('aura start', () => {
  beforeEach(() => {
    cwd = freshFolder();
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  it('stays up, serves other commands, says what to do next, and stops at Ctrl-C', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const address = busy.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const up = spawnAura(cwd, 'start', '--port', String(port));
    await up.says('aura why ');
    busy.close();
    const [, url = ''] = /Aura listens on (\S+)/.exec(up.out()) ?? [];
    expect(up.out().startsWith(`Aura listens on ${url}`)).toBe(true);
    expect(up.err()).toContain(`port ${port} is busy`);
    expect(up.out().match(/npx --no-install aura /g)).toHaveLength(3);
    const list = await callAura(cwd, 'definitions', 'list');
    expect(list).toMatchObject({
      code: 0,
      err: expect.stringContaining(`Using the Aura that runs at ${url}`),
    });
    expect(list.out).toContain('complete_fashion_analysis');
    up.process.kill('SIGINT');
    expect(await up.ended).toMatchObject({ code: 0 });
    expect(existsSync(runFile())).toBe(false);
  });

  it('that is killed leaves nothing in the way of the next', async () => {
    const up = spawnAura(cwd, 'start', '--port', '0');
    await up.says('aura why ');
    up.process.kill('SIGKILL');
    await up.ended;
    expect(existsSync(runFile())).toBe(true);
    const next = await callAura(cwd, 'definitions', 'list');
    expect(next).toMatchObject({ code: 0, err: expect.stringContaining('No Aura is running') });
  });
});
