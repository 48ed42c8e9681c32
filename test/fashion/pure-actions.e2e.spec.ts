import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageAnalysis, outfitSelection, queryUnderstanding, recommendationList } from '@aura/contracts';

const ROOT = join(__dirname, '../..');
const RUNNER = join(__dirname, 'run-pure-actions.cjs');
const PICTURE = join(ROOT, 'apps/cli/samples/autumn-knit.jpg');
const QUERY = 'something cosy and casual for an autumn weekend, no black, under 300 euros';

describe('the pure actions of the fashion services', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'aura-determinism-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a process of its own prints: a line of JSON for each action. */
  function outputsOf(name: string): readonly string[] {
    const input = JSON.stringify({ picture: PICTURE, query: QUERY, folder: join(folder, name) });
    const options = { input, cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 24, timeout: 60_000 } as const;
    return execFileSync(process.execPath, ['--conditions=aura-source', RUNNER], options).trim().split('\n');
  }

  it('give the same bytes in two processes, from a picture to recommendations', () => {
    const outputs = outputsOf('one');
    expect(outputs).toEqual(outputsOf('two'));
    const [analysis, query, selection, list] = outputs.map((line): unknown => JSON.parse(line));
    expect(imageAnalysis.parse(analysis).palette.length).toBeGreaterThan(1);
    expect(queryUnderstanding.parse(query).avoidColours).toEqual(['black']);
    expect(outfitSelection.parse(selection).outfits.length).toBeGreaterThan(0);
    expect(recommendationList.parse(list).recommendations.length).toBeGreaterThan(0);
  }, 120_000);
});
