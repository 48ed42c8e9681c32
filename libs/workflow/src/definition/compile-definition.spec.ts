import { compileDefinition } from './compile-definition';
import type { ActionCatalogue, OfferedAction } from './draft-model';

const text = { type: 'string' };

function action(name: string, more: Partial<OfferedAction> = {}): [string, OfferedAction] {
  return [
    name,
    {
      name,
      participant: `p-${name}`,
      kind: 'pure',
      description: '',
      input: { type: 'object', properties: { a: text, n: { type: 'integer' } } },
      output: {
        type: 'object',
        properties: { b: text, maybe: text },
        required: ['b'],
        additionalProperties: false,
      },
      emits: `ai.aura.${name}.done.v1`,
      publishes: [],
      ...more,
    },
  ];
}

const catalogue: ActionCatalogue = new Map([action('one'), action('two')]);

describe('compileDefinition', () => {
  it('compiles', () => {
    const result = compileDefinition(
      `
id: demo
name: Demo
version: 1.0.0
input: { properties: { x: { type: string } }, required: [x] }
steps:
  - id: first
    action: one
    input: { a: input.x }
  - id: second
    action: two
    dependencies: [first]
    when: steps.first.output.b != "" && input.x != "no"
    input: { a: steps.first.output.b, n: 3 }
`,
      'demo.yaml',
      catalogue,
    );
    expect(result).toMatchObject({ ok: true, value: { definition: 'demo' } });
  });
});
