import type { Plan, PlanStep } from './plan';
import { participantsOf, planBindings, planKeys, rootsOf } from './bindings';

function step(id: string, more: Partial<PlanStep> = {}): PlanStep {
  return {
    id,
    name: id,
    action: id,
    participant: `p-${id}`,
    kind: 'pure',
    emits: `ai.aura.${id}.v1`,
    dependencies: [],
    join: 'all',
    input: { kind: 'literal', value: {} },
    timeoutMs: 1000,
    retry: { maxAttempts: 1, initialDelayMs: 1, multiplier: 1, maxDelayMs: 1, maxEpochs: 1 },
    failure: { policy: 'compensate' },
    recordsEnd: false,
    carries: { input: [], steps: {} },
    dependents: [],
    skippable: false,
    internal: false,
    ...more,
  };
}

const plan: Plan = {
  digest: `sha256:${'0'.repeat(64)}`,
  definition: 'demo',
  name: 'Demo',
  version: '1.0.0',
  description: '',
  input: true,
  output: { kind: 'literal', value: {} },
  example: {},
  timeoutMs: 1000,
  successCriteria: [],
  triggers: [],
  startCarries: { input: [], steps: {} },
  steps: [
    step('a'),
    step('b', { dependencies: ['a'], skippable: true, failure: { policy: 'fallback', node: 'b.fallback' } }),
    step('c', { dependencies: ['a'], failure: { policy: 'continue', output: {} }, internal: true }),
    step('d', { dependencies: ['b', 'c'], participant: 'p-a' }),
    step('b.fallback', { standsFor: 'b', emits: 'ai.aura.other.v1', participant: 'p-a' }),
  ],
};

describe('bindings of a plan', () => {
  it('let a participant hear of the start, of every way its dependencies can end, and of fallbacks it is asked for', () => {
    expect(planBindings(plan, 'p-a')).toEqual([
      { exchange: 'aura.events', key: 'ai.aura.saga.started.v1.demo' },
      { exchange: 'aura.steps', key: 'ai.aura.b.v1.demo' },
      { exchange: 'aura.steps', key: 'ai.aura.c.v1.demo' },
      { exchange: 'aura.steps', key: 'ai.aura.other.v1.demo' },
      { exchange: 'aura.steps', key: 'ai.aura.step.continued.v1.demo' },
      { exchange: 'aura.steps', key: 'ai.aura.step.fallback-requested.v1.demo' },
      { exchange: 'aura.steps', key: 'ai.aura.step.skipped.v1.demo' },
    ]);
    expect(planBindings(plan, 'p-b')).toEqual([{ exchange: 'aura.steps', key: 'ai.aura.a.v1.demo' }]);
    expect(planBindings(plan, 'p-nobody')).toEqual([]);
  });

  it('show every step event but those of internal steps on the public face', () => {
    expect(planKeys(plan)).toEqual([
      'ai.aura.a.v1.demo',
      'ai.aura.b.v1.demo',
      'ai.aura.d.v1.demo',
      'ai.aura.other.v1.demo',
      'ai.aura.step.failed.v1.demo',
      'ai.aura.step.fallback-requested.v1.demo',
      'ai.aura.step.skipped.v1.demo',
    ]);
  });

  it('name participants and roots', () => {
    expect(participantsOf(plan)).toEqual(['p-a', 'p-b', 'p-c']);
    expect(rootsOf(plan).map(({ id }) => id)).toEqual(['a']);
  });

  it('name the participants of branches, which publish by the definition, and never the coordinator', () => {
    const branches = ['money', 'p-a'].map((participant) => ({
      id: participant,
      participant,
      action: 'hold',
    }));
    const builtIn = { type: 'transaction', prepareMs: 1000, branches } as const;
    const all = step('all', { participant: 'coordinator', builtIn });
    const pause = step('pause', { participant: 'coordinator', builtIn: { type: 'wait', forMs: 1 } });
    expect(participantsOf({ ...plan, steps: [...plan.steps, all, pause] })).toEqual([
      'money',
      'p-a',
      'p-b',
      'p-c',
    ]);
    expect(planBindings({ ...plan, steps: [all] }, 'money')).toEqual([]);
  });
});
