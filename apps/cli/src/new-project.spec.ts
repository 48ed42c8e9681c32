import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderTemplate } from './project/render-template';
import { aura } from './testing/run-aura';
import { scratch } from './testing/scratch';

const { folder } = scratch();

function textsOf(project: string): string {
  return readdirSync(project, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('.'))
    .map((name) => `${name}\n${readFileSync(join(project, name), 'utf8')}`)
    .join('\n');
}

const packages = join(folder, 'packages');
mkdirSync(packages);
writeFileSync(
  join(packages, 'packages.json'),
  JSON.stringify({
    '@aura/nest': { file: 'aura-nest.tgz', dependencies: ['@aura/workflow'] },
    '@aura/testing': { file: 'aura-testing.tgz', dependencies: ['@aura/workflow'] },
    '@aura/workflow': { file: 'aura-workflow.tgz', dependencies: ['@aura/kernel'] },
    '@aura/kernel': { file: 'aura-kernel.tgz', dependencies: [] },
    '@aura/cli': { file: 'aura-cli.tgz', dependencies: ['@aura/kernel'] },
  }),
);

describe('aura new', () => {
  it('writes a participant that names the Aura to join, with every package that it needs', async () => {
    const into = join(folder, 'deep', 'advisor');
    const data = join(folder, 'data');
    const args = ['participant', 'style-advisor', '--into', into, '--packages', packages, '--data', data];
    const { code, out, err } = await aura(['new', ...args]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('npm install && npm test');
    expect(readdirSync(into).sort()).toEqual(
      [
        '.env',
        '.gitignore',
        'README.md',
        'package.json',
        'src',
        'style_advisor_hello.yaml',
        'tsconfig.json',
      ].sort(),
    );
    const { dependencies } = JSON.parse(readFileSync(join(into, 'package.json'), 'utf8'));
    expect(dependencies).toMatchObject({
      '@aura/kernel': 'file:../../packages/aura-kernel.tgz',
      '@aura/nest': 'file:../../packages/aura-nest.tgz',
      '@aura/workflow': 'file:../../packages/aura-workflow.tgz',
    });
    expect(dependencies).not.toHaveProperty('@aura/cli');
    expect(readFileSync(join(into, '.env'), 'utf8')).toContain(`AURA_RUN_FILE=${join(data, 'run.json')}`);
    expect(textsOf(into)).not.toMatch(/__[a-z]+__/i);
  });

  it('writes a workflow; without packages its dependencies are versions, and it says how to get them', async () => {
    const into = join(folder, 'looks');
    const { code, out, err } = await aura(['new', 'workflow', 'autumn_looks', '--into', into]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('autumn_looks.yaml') });
    if (!existsSync(join('.aura', 'packages', 'packages.json'))) expect(err).toContain('npm run pack');
    const { name, dependencies } = JSON.parse(readFileSync(join(into, 'package.json'), 'utf8'));
    expect(name).toBe('autumn-looks');
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(['@aura/nest', '@aura/testing']));
    expect(textsOf(into)).not.toMatch(/__[a-z]+__/i);
  });

  it.each([
    ['a folder that is there', ['participant', 'there', '--into', folder], /is there already/],
    [
      'a name in capitals',
      ['participant', 'Advisor'],
      /"Advisor" cannot be the name.*\nIt must match.*style-advisor/,
    ],
    ['a name of a part of Aura', ['participant', 'coordinator'], /stands for a part of Aura/],
    ['a hyphen in a workflow', ['workflow', 'autumn-looks'], /cannot be the name of a workflow/],
    ['a path for a name', ['workflow', '../x'], /cannot be the name/],
    ['packages that are not there', ['workflow', 'x', '--packages', folder], /has no packages of Aura/],
    ['another kind', ['dashboard', 'x'], /unknown command/],
  ])('refuses %s with a sentence, and writes nothing', async (_what, args, told) => {
    const before = readdirSync(folder);
    const { code, out, err } = await aura(['new', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(told);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('has no template with a gap', () => {
    expect(() => renderTemplate('workflow', join(folder, 'gap'), { snake: 'x' })).toThrow('asks for');
  });
});
