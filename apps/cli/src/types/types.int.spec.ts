import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aura } from '../testing/run-aura';
import { scratch } from '../testing/scratch';
import { typeProblems } from '../testing/type-problems';

jest.setTimeout(120_000);

const { folder } = scratch();

const PROBE = `import { connect, type EndedSaga } from '@aura/client';
import type { AuraWorkflows } from './generated';

const aura = connect<AuraWorkflows>({ url: 'http://127.0.0.1:8006' });
const image = 'sha256:0';
export async function typed(): Promise<void> {
  const saga = await aura.start('complete_fashion_analysis', { image, query: 'warm' }, { userId: 'u' });
  const { output } = await saga.completed();
  const score: number = output.recommendations[0]!.score;
  const end = await saga.ended();
  if (end.status === 'failed') end.error.code.trim();
  if (end.status === 'completed') end.output.profile.season.trim();
  await aura.start('quick_style_assessment', { image });
  void score;
}
export async function refused(): Promise<void> {
  await aura.start('complete_fashion_analysis', {});
  await aura.start('complete_fashion_analysis', { image: 7 });
  await aura.start('complete_fashion_analysis', { image, colour: 'red' });
  await aura.start('complete_fashion_analyses', { image });
  const { output } = await (await aura.start('quick_style_assessment', { image })).completed();
  output.recommendations;
  const end: EndedSaga = await connect({ url: 'http://x' }).saga('s').ended();
  end.status === 'running';
}
export async function unknown(): Promise<void> {
  const any = connect({ url: 'http://127.0.0.1:8006' });
  await any.start('whatever', { a: [1, null] });
  await any.start('whatever', { a: () => 1 });
}
`;

describe('aura types', () => {
  let generated: string;

  beforeAll(async () => {
    const out = join(folder, 'aura-workflows.ts');
    const { code, err } = await aura(['types', '--out', out, '--data', join(folder, 'data')]);
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('types of 8 workflows') });
    generated = readFileSync(out, 'utf8');
  });

  it('lets the compiler take what fits the definitions, and refuse what does not', () => {
    const problems = typeProblems({ 'generated.ts': generated, 'probe.ts': PROBE });
    const lines = problems.map((problem) => PROBE.split('\n')[Number(problem.split(':')[1]) - 1]?.trim());
    expect({ problems, lines }).toEqual({
      problems: expect.anything(),
      lines: [
        "await aura.start('complete_fashion_analysis', {});",
        "await aura.start('complete_fashion_analysis', { image: 7 });",
        "await aura.start('complete_fashion_analysis', { image, colour: 'red' });",
        "await aura.start('complete_fashion_analyses', { image });",
        'output.recommendations;',
        "end.status === 'running';",
        "await any.start('whatever', { a: () => 1 });",
      ],
    });
  });

  it('says when it cannot write', async () => {
    const at = join(folder, 'nowhere', 'x.ts');
    const { code, err } = await aura(['types', '--out', at, '--data', join(folder, 'data')]);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(`${at} cannot be written`) });
  });

  it('prints without --out', async () => {
    const { code, out } = await aura(['types', '--data', join(folder, 'data')]);
    expect(code).toBe(0);
    expect(`${out}\n`).toBe(generated);
  });
});
