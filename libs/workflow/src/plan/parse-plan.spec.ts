import { isAuraError } from '@aura/kernel';
import { compileDefinition } from '../definition/compile-definition';
import type { ActionCatalogue } from '../definition/offered-action';
import { parsePlan } from './parse-plan';
import type { Plan } from './plan';
import { planDigest } from './plan-digest';

const catalogue: ActionCatalogue = new Map([
  [
    'act',
    {
      name: 'act',
      participant: 'p',
      kind: 'pure',
      description: '',
      input: true,
      output: true,
      emits: 'ai.aura.acted.v1',
      publishes: [],
    },
  ],
]);

const DEFINITION = `
id: demo
name: Demo
version: 1.0.0
triggers: [{ on: com.shop.ordered.v1, when: event.data.n > 1, correlate: event.subject, input: { n: event.data.n } }]
steps:
  - { id: first, action: act, input: { a: [input.n, { literal: input.n }] }, cache: { ttl: 1m, key: [input.n] } }
  - { id: second, action: act, dependencies: [first], when: input.n > 1, failure: { policy: fallback, action: act } }
  - { id: third, action: act, dependencies: [second], failure: { policy: continue, output: { deep: [1] } } }
  - { id: fourth, action: act, dependencies: [third], failure: { policy: suspend }, internal: true }
`;

function plan(): Plan {
  const result = compileDefinition(DEFINITION, 'demo.yaml', catalogue);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function refusalOf(text: string): unknown {
  try {
    parsePlan(text);
    return undefined;
  } catch (error) {
    return isAuraError(error) ? { code: error.code, message: error.message } : error;
  }
}

describe('parsePlan', () => {
  it('gives the plan back that was written, frozen', () => {
    const parsed = parsePlan(JSON.stringify(plan()));
    expect(parsed).toEqual(plan());
    expect(Object.isFrozen(parsed.steps[0]?.input)).toBe(true);
  });

  it('keeps what a newer compiler added, and checks it, too', () => {
    const content = { ...plan(), novelty: 1 };
    const newer = JSON.stringify({ ...content, digest: planDigest(content) });
    expect(parsePlan(newer)).toMatchObject({ novelty: 1, definition: 'demo' });
  });

  it.each([
    ['text that is no JSON', '{', 'it is not JSON'],
    ['another shape', '{"digest":1}', 'digest'],
    ['a changed content', JSON.stringify({ ...plan(), version: '1.0.1' }), 'but its content has sha256:'],
    ['a mapping nobody knows', JSON.stringify({ ...plan(), output: { kind: 'magic' } }), 'output'],
  ])('refuses %s', (_title, text, reason) => {
    expect(refusalOf(text)).toEqual({
      code: 'INVALID_PLAN',
      message: expect.stringContaining(reason) as string,
    });
  });
});
