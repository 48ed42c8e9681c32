import type { AuraClient, DefinitionSummary } from '@aura/client';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputOf } from '../sagas/wish';
import { scratch } from '../testing/scratch';
import { exampleOf } from './example-of';
import { parseInput } from './parse-input';

describe('the example of a workflow', () => {
  const definition = (
    version: string,
    status: DefinitionSummary['status'] = 'active',
  ): DefinitionSummary => ({
    id: 'greet',
    name: 'Greet',
    version,
    digest: `sha256:${version}`,
    status,
    waitsFor: [],
    description: '',
    steps: 1,
    example: version,
  });

  it('is that of the newest active version, by semver', () => {
    const all = ['1.9.0', '1.10.0-beta.1', '1.10.0', '1.2.0'].map((version) => definition(version));
    expect(exampleOf([...all, definition('2.0.0', 'publishing')], 'greet')).toBe('1.10.0');
  });

  it('is that of the version asked for, active or not', () => {
    expect(exampleOf([definition('1.0.0'), definition('2.0.0', 'retired')], 'greet', '2.0.0')).toBe('2.0.0');
  });

  it('is refused where there is no such version, with those there are', () => {
    const refusing = () => exampleOf([definition('1.0.0', 'retired'), definition('1.1.0')], 'greet', '9.9.9');
    expect(refusing).toThrow('there is no workflow greet 9.9.9');
    expect(refusing).toThrow(
      expect.objectContaining({ help: 'Of greet there is: 1.0.0 (retired), 1.1.0 (active).' }),
    );
  });

  it('is refused when nothing is published', () => {
    expect(() => exampleOf([], 'greet')).toThrow('there is no workflow greet');
  });
});

describe('an input', () => {
  const { folder } = scratch();

  it.each([
    ['of a picture', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16), /is no text in UTF-8$/],
    [
      'with a control character',
      new TextEncoder().encode('\u001b[31mred'),
      /^the file .* is not JSON: [^\p{Cc}]*$/u,
    ],
  ])(
    'from a file %s is refused without a sign that a terminal would take for its own',
    async (_what, bytes, message) => {
      const file = join(folder, 'input');
      writeFileSync(file, bytes);
      await expect(parseInput(`@${file}`)).rejects.toThrow(message);
    },
  );

  it('of null is null, and not the example', async () => {
    expect(await parseInput('null')).toBeNull();
    const client = {} as AuraClient;
    expect(await inputOf(client, { workflow: 'greet', input: null }, AbortSignal.timeout(1000))).toBeNull();
  });
});
