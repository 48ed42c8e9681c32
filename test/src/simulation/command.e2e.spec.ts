import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAIN = resolve(__dirname, '../../dist/simulation/main.js');

function run(...args: readonly string[]): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  return { status, text: stdout + stderr };
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
