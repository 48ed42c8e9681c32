import type { DefinitionSummary } from '@aura/client';
import { exampleOf } from './example-of';

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

  it('is refused when nothing is published', () => {
    expect(() => exampleOf([], 'greet')).toThrow('there is no workflow greet');
  });
});
