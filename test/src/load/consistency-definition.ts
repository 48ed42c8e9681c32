import type { JsonValue } from '@aura/contracts';
import { sagaCompensated, sagaCompleted } from '@aura/contracts';
import type { Course } from './consistency-row';

type Step = Readonly<Record<string, JsonValue>>;

/** Steps, or branches, that hold something. */
export const HOLDERS = 3;

const input = { payload: 'input.payload' };
const hold = (n: number): Step => ({ id: `hold_${n}`, action: `bench-hold-${n}`, input });
const holds = Array.from({ length: HOLDERS }, (_, n) => hold(n + 1));
const chained = holds.map((step, n) => (n === 0 ? step : { ...step, dependencies: [`hold_${n}`] }));
const refuse: Step = { id: 'refuse', action: 'bench-refuse', input };

const STEPS: Readonly<Record<Course, readonly Step[]>> = {
  undone: [...chained, { ...refuse, dependencies: [`hold_${HOLDERS}`] }],
  sequence: chained,
  transaction: [
    { id: 'all', type: 'transaction', transaction: { prepareTimeout: '20s', branches: holds as JsonValue } },
  ],
  fallback: [{ ...refuse, failure: { policy: 'fallback', action: 'bench-instead', input } }],
};

/** The workflow of a course. */
export function courseWorkflow(course: Course): string {
  return `bench_${course}`;
}

/** How each saga of a course has to end: the type of its event. */
export function courseEnd(course: Course): string {
  return course === 'undone' ? sagaCompensated.type : sagaCompleted.type;
}

/**
 * A course as a definition: three steps that hold and a fourth that refuses; the three alone; the same three as branches
 * of a transaction; a step that refuses and another action that stands for it. All of them are stateful.
 */
export function courseDefinition(course: Course): string {
  return JSON.stringify({
    id: courseWorkflow(course),
    name: courseWorkflow(course),
    version: '1.0.0',
    timeout: '30m',
    input: { type: 'object', required: ['payload'], properties: { payload: { type: 'string' } } },
    example: { payload: 'x' },
    output: { payload: 'input.payload' },
    steps: STEPS[course],
  });
}
