import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PATIENCE_MS, runBeside } from './run-beside';

const MAIN = resolve(__dirname, '../../dist/simulation/main.js');

function run(...args: readonly string[]): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

/** How many sagas in a hundred were struck, as the command says. */
function struckIn(text: string): number {
  return Number(/struck by a fault: (\d+) %/.exec(text)?.[1]);
}

describe('the command simulate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-simulate-'));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes the same log byte for byte in two processes', () => {
    const logs = ['one', 'two'].map((name) => {
      const file = join(folder, name);
      const { status, text } = run('--sagas', '30', '--seed', 'twice', '--log', file);
      expect({ status, text: text.includes('30 sagas in') }).toEqual({ status: 0, text: true });
      return readFileSync(file, 'utf8');
    });
    expect(logs[0]).toBe(logs[1]);
    expect(logs[0]).toContain('coordinator-1 starts, life 1');
  });

  it(
    'finds every invariant held in thousands of sagas, of a fixed seed and of a fresh one',
    async () => {
      const seed = Math.floor(Math.random() * 2 ** 31).toString(36);
      process.stdout.write(`simulation: fresh seed ${seed}\n`);
      const [fixed, fresh] = await Promise.all([
        runBeside(MAIN, '--sagas', '5000', '--seed', 'fixed', '--every-cell'),
        runBeside(MAIN, '--sagas', '2000', '--seed', seed),
      ]);
      expect(fixed).toEqual({ status: 0, text: expect.stringContaining('5000 sagas in') as string });
      expect(fresh).toEqual({ status: 0, text: expect.stringContaining('2000 sagas in') as string });
      expect(struckIn(fixed.text)).toBeGreaterThanOrEqual(50);
      expect(struckIn(fresh.text)).toBeGreaterThanOrEqual(50);
    },
    PATIENCE_MS,
  );

  it('refuses what is no fault and no number, and says what there is', () => {
    expect(run('--faults', 'crash,quake')).toMatchObject({
      status: 1,
      text: expect.stringContaining('quake is no fault') as string,
    });
    expect(run('--sagas', 'many')).toMatchObject({
      status: 1,
      text: expect.stringContaining('a whole number is wanted') as string,
    });
  });
});
