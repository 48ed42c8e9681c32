import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { consistencyBars } from './consistency-bars';
import type { Bar } from './consistency-bars';
import type { ConsistencyResult } from './consistency-row';
import { consistencyTable } from './consistency-table';

const BENCH = resolve(__dirname, '../../dist/load/main.js');
const AMOUNTS = ['--rotations', '1', '--alone', '3', '--together', '12', '--in-flight', '4'];

jest.setTimeout(240_000);

/** What `npm run bench -- consistency` prints, and writes to its file. */
async function bench(
  folder: string,
  only: string,
): Promise<{ readonly out: string; readonly file: unknown }> {
  const json = join(folder, 'figures.json');
  const args = [BENCH, 'consistency', '--only', only, '--json', json, ...AMOUNTS];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return { out: stdout, file: JSON.parse(readFileSync(json, 'utf8')) };
}

describe('the bench of undo, transactions and fallbacks', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aura-bench-spec-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('measures every course embedded, and holds what it finds against the bars', async () => {
    const { out, file } = await bench(folder, 'embedded');
    const { rows, bars } = file as {
      readonly rows: readonly ConsistencyResult[];
      readonly bars: readonly Bar[];
    };
    expect(rows.map(({ course }) => course)).toEqual(['undone', 'sequence', 'transaction', 'fallback']);
    for (const { toFallbackP99Ms, course, mode, ...figures } of rows) {
      expect(mode).toBe('embedded');
      expect(Object.values(figures).every((figure) => figure > 0)).toBe(true);
      expect(toFallbackP99Ms === null).toBe(course !== 'fallback');
    }
    expect(bars).toEqual(consistencyBars(rows));
    expect(out).toContain('| transaction | embedded |');
    expect(out).toContain('| failure to fallback, p99 in flight, ms | embedded | <= 200 |');
  });

  it('says of a figure whose row was left out that it was not measured', () => {
    const row: ConsistencyResult = {
      ...{ course: 'sequence', mode: 'embedded', sagasPerSecond: 1, cpuMsPerSaga: 1, toFallbackP99Ms: null },
      ...{ aloneP50Ms: 1, aloneP99Ms: 1, p50Ms: 1, p99Ms: 1 },
    };
    const bars = consistencyBars([row]);
    expect(bars.map(({ figure }) => figure)).toEqual([null, null, null, null]);
    expect(consistencyTable([row], bars)).toContain('| embedded | <= 1.5 | not measured |');
  });
});
