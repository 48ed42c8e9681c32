import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessState } from './process-state';
import { servicePrograms } from './service-programs';
import type { ServiceProgram } from './service-programs';
import { Supervisor } from './supervisor';

/** Says that it is ready as a process of Aura does, and ends at SIGTERM, or when its supervisor is gone. */
const GOOD = `
console.log('port ' + process.env.PORT + ' as ' + process.env.AURA_INSTANCE);
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.send({ ready: 'up', url: 'http://127.0.0.1:' + (process.env.PORT === '0' ? 4711 : process.env.PORT) });`;
const REFUSING = `console.error('good cannot start: PORT is "x"\\nSet PORT accordingly.'); process.exitCode = 2;`;
const FAILING = `console.error('no luck'); process.exit(1);`;

describe('a supervisor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-supervisor-'));
  const logs = join(folder, 'logs');
  let supervisor: Supervisor;
  let listeners: (() => void)[] = [];

  afterEach(() => supervisor.stop());
  afterAll(() => rmSync(folder, { recursive: true }));

  function program(name: string, text: string): ServiceProgram {
    const script = join(folder, `${name}.js`);
    writeFileSync(script, text);
    return { name, script, portBeside: () => 0 };
  }

  function supervising(...programs: readonly ServiceProgram[]): Supervisor {
    const changed = (): void => listeners.forEach((listener) => listener());
    supervisor = new Supervisor({ programs, env: process.env, port: 0, logs, changed });
    return supervisor;
  }

  function until(name: string, holds: (one: ProcessState) => boolean): Promise<ProcessState> {
    return new Promise((resolve) => {
      const look = (): void => {
        const one = supervisor.states().find((state) => state.name === name);
        if (one === undefined || !holds(one)) return;
        listeners = listeners.filter((listener) => listener !== look);
        resolve(one);
      };
      listeners.push(look);
      look();
    });
  }

  it('starts again what dies, under the same name and on the same port', async () => {
    await supervising(program('good', GOOD)).start();
    const first = await until('good', ({ status }) => status === 'up');
    process.kill(first.pid ?? 0, 'SIGKILL');
    const second = await until('good', ({ restarts, status }) => restarts === 1 && status === 'up');
    expect(second).toMatchObject({ lastEnd: 'by SIGKILL', url: first.url });
    expect(second.pid).not.toBe(first.pid);
    await supervisor.stop();
    const [one, two] = readFileSync(join(logs, 'good.log'), 'utf8').trim().split('\n');
    expect(one).toMatch(/^port 0 as good-[0-9a-f]{8}$/);
    expect(two).toBe(one?.replace('port 0', 'port 4711'));
  });

  it('tries again with growing pauses what never gets ready', async () => {
    supervising(program('failing', FAILING))
      .start()
      .catch(() => undefined);
    const tried = await until('failing', ({ restarts }) => restarts >= 2);
    expect(tried).toMatchObject({ lastEnd: 'with exit code 1' });
    expect(tried).not.toHaveProperty('url');
  });

  it('says what one that refuses its settings has said', async () => {
    const starting = supervising(program('one', GOOD), program('refusing', REFUSING)).start();
    await expect(starting).rejects.toMatchObject({
      code: 'UNSAFE_SETUP',
      message: 'good cannot start: PORT is "x"',
      help: 'Set PORT accordingly.',
    });
  });

  it('stops all of them, also those that wait to be started again', async () => {
    const all = supervising(program('good', GOOD), program('failing', FAILING));
    all.start().catch(() => undefined);
    await until('good', ({ status }) => status === 'up');
    await until('failing', ({ status }) => status === 'waiting');
    await all.stop();
    expect(all.states().map(({ status, pid }) => [status, pid])).toEqual([
      ['stopped', undefined],
      ['stopped', undefined],
    ]);
  });
});

it('the services that Aura ships with have the ports 8001 to 8006, or the six before another, or any', () => {
  const programs = servicePrograms();
  expect(programs.map(({ name, portBeside }) => `${name} ${portBeside(8006)} ${portBeside(0)}`)).toEqual([
    'image-processing 8001 0',
    'nlu 8002 0',
    'style-profile 8003 0',
    'combination-engine 8004 0',
    'recommendation-engine 8005 0',
    'coordinator 8006 0',
  ]);
});
