import { sagaStarted, stepContinued, stepFailed, stepFallbackRequested, stepSkipped } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { definition, planOf } from '../definition/testing/sample-actions';
import { compilePlan } from '../plan/compiled-plan';
import { placeOf, stepsTriggeredBy } from './place';
import { START } from './scope';

const compiled = compilePlan(
  planOf(
    definition(
      '  - { id: a, action: one, when: "input.n > 1", failure: { policy: fallback, action: two } }',
      '  - { id: b, action: two, dependencies: [a], join: ended }',
      '  - { id: c, action: one, dependencies: [a] }',
    ),
  ),
);

const event = (type: string, more: Partial<CloudEvent> = {}): CloudEvent => ({
  specversion: '1.0',
  id: 'e',
  source: '/x',
  type,
  ...more,
});
const triggered = (one: CloudEvent) => stepsTriggeredBy(compiled, one).map(({ id }) => id);

describe('the place of an event in its plan', () => {
  test.each([
    ['the start triggers the roots', event(sagaStarted.type), ['a']],
    ['an end triggers its dependents', event('ai.aura.one.done.v1', { aurastep: 'a' }), ['b', 'c']],
    ['so does the end of its fallback', event('ai.aura.two.done.v1', { aurastep: 'a.fallback' }), ['b', 'c']],
    ['so does a skip', event(stepSkipped.type, { aurastep: 'a' }), ['b', 'c']],
    ['so does going on without it', event(stepContinued.type, { aurastep: 'a' }), ['b', 'c']],
    [
      'a fallback is asked for by itself',
      event(stepFallbackRequested.type, { aurastep: 'a.fallback' }),
      ['a.fallback'],
    ],
    ['a failure triggers nobody', event(stepFailed.type, { aurastep: 'a' }), []],
    ['a last end triggers nobody', event('ai.aura.one.done.v1', { aurastep: 'c' }), []],
    ['a plain event triggers nobody', event('com.example.noticed', { aurastep: 'a' }), []],
    ['an unknown step triggers nobody', event('ai.aura.one.done.v1', { aurastep: 'z' }), []],
    ['an event of no step triggers nobody', event('ai.aura.one.done.v1'), []],
  ])('%s', (_rule, one, steps) => {
    expect(triggered(one)).toEqual(steps);
  });

  test('tells which step ended, how, and what it brought', () => {
    const data = { output: { b: 'x' }, context: { input: { n: 1 } } };
    expect(placeOf(compiled, event('ai.aura.two.done.v1', { aurastep: 'a.fallback', data }))).toMatchObject({
      origin: 'a',
      arrival: { status: 'completed', ...data },
    });
    expect(
      placeOf(compiled, event(stepSkipped.type, { aurastep: 'a', data: { reason: 'r' } })),
    ).toMatchObject({
      origin: 'a',
      arrival: { status: 'skipped' },
    });
    const start = placeOf(compiled, event(sagaStarted.type, { data: { context: { input: { x: 'y' } } } }));
    expect([start.origin, start.arrival]).toEqual([
      START,
      { status: 'completed', context: { input: { x: 'y' } } },
    ]);
  });
});
