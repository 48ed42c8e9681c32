import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fashionAnalysis } from '@aura/client';

const LAUNCHER = resolve(__dirname, '../../../apps/cli/bin/aura.cjs');
const run = promisify(execFile);

jest.setTimeout(240_000);

describe('aura run, twice on the same data', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'aura-one-shot-'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Calls the launcher in an empty folder of its own; answers stdout. */
  async function aura(...args: readonly string[]): Promise<string> {
    const options = { cwd: folder, env: { ...process.env, AURA_URL: '' }, timeout: 50_000 };
    return (await run(process.execPath, [LAUNCHER, ...args, '--data', join(folder, 'data')], options)).stdout;
  }

  it('makes two sagas, each complete, and the second process still knows the first', async () => {
    const texts = [1, 2].map(() => () => aura('run', 'complete_fashion_analysis', '--json'));
    const sagas: { readonly sagaId: string; readonly status: string; readonly output: unknown }[] = [];
    for (const text of texts) sagas.push(JSON.parse(await text()));
    expect(sagas.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(new Set(sagas.map(({ sagaId }) => sagaId)).size).toBe(2);
    for (const { output } of sagas)
      expect(fashionAnalysis.parse(output).recommendations.length).toBeGreaterThan(0);
    expect(await aura('sagas', 'show', sagas[0]?.sagaId ?? '')).toContain('completed');
  });
});
