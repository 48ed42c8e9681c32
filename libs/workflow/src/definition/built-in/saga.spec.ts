import { compilePlan } from '../../plan/compiled-plan';
import { participantsOf, planKeys } from '../../plan/bindings';
import { definition, planOf, samplePlans } from '../testing/sample-actions';

const stay = (more = ''): string =>
  definition(
    `  - { id: stay, type: saga, saga: { workflow: stay, input: { nights: 2 }${more} } }`,
    '  - { id: last, action: one, dependencies: [stay] }',
  );

describe('a step of type saga', () => {
  it('is pinned to the newest active version of its workflow, or to the one that is named', () => {
    const [step] = planOf(stay()).steps;
    const newest = samplePlans.find(({ definition: id, version }) => id === 'stay' && version === '2.0.0');
    expect(step).toMatchObject({
      participant: 'coordinator',
      kind: 'stateful',
      undo: 'saga',
      timeoutMs: 3_600_000,
      undoPolicy: { timeoutMs: 60_000, retry: { maxEpochs: 10 } },
      builtIn: { workflow: 'stay', version: '2.0.0', digest: newest?.digest, below: ['stay'], levels: 1 },
    });
    expect(planOf(stay(', version: 1.0.0')).steps[0]?.builtIn).toMatchObject({ version: '1.0.0' });
  });

  it('is performed by no participant of the plan, and its end is shown as that of every step', () => {
    const plan = planOf(stay());
    expect(participantsOf(plan)).toEqual(['p-one']);
    expect(planKeys(plan)).toContain('ai.aura.step.completed.v1.demo');
  });

  it('names all that runs, and who works, below it', () => {
    const source = definition('  - { id: deep, type: saga, saga: { workflow: level3 } }');
    expect(planOf(source).steps[0]?.builtIn).toMatchObject({
      below: ['level1', 'level2', 'level3'],
      participants: ['p-reserve'],
      levels: 3,
    });
  });

  it('is a pivot when something of its workflow cannot be undone', () => {
    const source = definition('  - { id: paying, type: saga, saga: { workflow: paying } }');
    expect(planOf(source).steps[0]).not.toHaveProperty('undo');
  });

  it('has its until compiled with the plan', () => {
    const repeat = ', repeat: { until: "has(output.reserve)", max: 3 }';
    const { untils } = compilePlan(planOf(stay(repeat)));
    expect(untils.get('stay')?.evaluate({ output: { reserve: {} } })).toMatchObject({ value: true });
  });
});
