import { outputSchemaOf } from './output-schema';
import { definition, planOf, sampleActions } from './testing/sample-actions';

function schemaOf(...lines: readonly string[]) {
  return outputSchemaOf(planOf(definition(...lines)), sampleActions);
}

const text = { type: 'string' };
const FIRST = '  - { id: first, action: one }';

describe('the schema of what a completed saga gives', () => {
  it('is made of what the output reads', () => {
    const output =
      'output: { b: steps.first.output.b, x: input.x, fixed: 3, both: [input.x, steps.first.output.b] }';
    expect(schemaOf(FIRST, output)).toEqual({
      type: 'object',
      properties: {
        b: text,
        x: text,
        fixed: { type: 'integer', const: 3 },
        both: { type: 'array', prefixItems: [text, text] },
      },
      required: ['b', 'x', 'fixed', 'both'],
      additionalProperties: false,
    });
  });

  it('does not require what may be absent, and stands alone', () => {
    const schema = schemaOf(
      FIRST,
      '  - { id: perhaps, action: one, when: input.n > 1.0, dependencies: [first] }',
      'output: { n: input.n, maybe: steps.first.output.maybe, list: steps.first.output.list, skipped: steps.perhaps.output.b }',
    );
    expect(schema).toMatchObject({ required: [] });
    expect(JSON.stringify(schema)).not.toContain('$ref');
    expect(schema).toMatchObject({ properties: { list: { items: { required: ['hex'] } }, skipped: text } });
  });

  it('knows what stands for the output of a step that failed', () => {
    const schema = schemaOf(
      '  - { id: first, action: one, failure: { policy: continue, output: { b: none } } }',
      '  - { id: second, action: one, failure: { policy: fallback, action: two } }',
      'output: { first: steps.first.output, second: steps.second.output.b }',
    );
    expect(schema).toMatchObject({
      properties: { first: { anyOf: [{ required: ['b'] }, { properties: { b: { const: 'none' } } }] } },
    });
    expect(JSON.stringify(schema)).toContain('"second"');
  });

  it('lets everything through where nobody says', () => {
    const plan = planOf(definition(FIRST, 'output: steps.first.output.b'));
    expect(outputSchemaOf(plan, sampleActions)).toEqual(text);
    expect(outputSchemaOf(plan, new Map())).toBe(true);
    expect(outputSchemaOf({ ...plan, steps: [] }, sampleActions)).toBe(true);
  });
});
