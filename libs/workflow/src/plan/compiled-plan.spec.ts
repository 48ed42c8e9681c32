import { TerminalError } from '@aura/kernel';
import { definition, planOf } from '../definition/testing/sample-actions';
import { compilePlan } from './compiled-plan';
import { sealPlan } from './plan-digest';

const plan = planOf(
  `${definition(
    '  - { id: a, action: one, failure: { policy: fallback, action: two } }',
    '  - { id: b, action: one, dependencies: [a], when: "input.n > 1" }',
  )}\nsuccessCriteria: ["input.n > 0", "has(steps.a)"]`,
);

describe('a compiled plan', () => {
  const compiled = compilePlan(plan);

  test('has its nodes by id, its roots without fallback nodes, its conditions and criteria', () => {
    expect([...compiled.nodes.keys()]).toEqual(['a', 'b', 'a.fallback']);
    expect(compiled.roots.map(({ id }) => id)).toEqual(['a']);
    expect([...compiled.conditions.keys()]).toEqual(['b']);
    expect(compiled.conditions.get('b')?.holds({ input: { n: 2 } })).toEqual({ ok: true, value: true });
    expect(compiled.criteria.map(({ source }) => source)).toEqual(['input.n > 0', 'has(steps.a)']);
  });

  test('refuses an expression that this version cannot compile', () => {
    const odd = sealPlan({ ...plan, successCriteria: ['input.n >'] });
    expect(() => compilePlan(odd)).toThrow(TerminalError);
    expect(() => compilePlan(odd)).toThrow(
      `plan ${odd.digest} of demo has an expression that does not compile: input.n >`,
    );
  });
});
