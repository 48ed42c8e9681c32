import type { ActionDescription, JsonValue } from '@aura/contracts';
import { compileDefinition, compilePlan } from '@aura/workflow';
import type { ActionCatalogue, CompiledPlan, OfferedAction } from '@aura/workflow';

const ANYTHING = { type: 'object', additionalProperties: true } as const;

function offered(
  name: string,
  kind: ActionDescription['kind'],
  isPivot = false,
): readonly [string, OfferedAction] {
  const undo = kind === 'stateful' && !isPivot ? { undo: { name: `undo-${name}`, input: ANYTHING } } : {};
  const participant = `${name}-service`;
  const emits = `test.${name}.done.v1`;
  return [
    name,
    {
      name,
      kind,
      description: '',
      input: ANYTHING,
      output: ANYTHING,
      emits,
      publishes: [],
      participant,
      ...undo,
    },
  ];
}

/** An action that can be a transaction's branch as well. */
function branch(name: string): readonly [string, OfferedAction] {
  const [, action] = offered(name, 'stateful');
  return [name, { ...action, transactional: true }];
}

/** Actions `a` to `f` are pure, `read` reads, `book`, `pay` and `hold` are stateful, `hold` can be a branch, `ship` has no undo; action `x` is offered by `x-service` and emits `test.x.done.v1`. */
export const TEST_CATALOGUE: ActionCatalogue = new Map([
  ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => offered(name, 'pure')),
  offered('read', 'reading'),
  offered('book', 'stateful'),
  offered('pay', 'stateful'),
  branch('hold'),
  offered('ship', 'stateful', true),
]);

/** A step as a test writes it; the action of a command is its id. */
export interface TestStep {
  readonly id: string;
  readonly [member: string]: JsonValue | undefined;
}

/** Compiles a definition of steps for a test, which may run others as sub-sagas. Errors: an `Error` with all problems. */
export function testPlan(
  steps: readonly TestStep[],
  more: Readonly<Record<string, JsonValue>> = {},
  nested: readonly CompiledPlan[] = [],
): CompiledPlan {
  const text = JSON.stringify({
    id: 'test_flow',
    name: 'Test flow',
    version: '1.0.0',
    input: ANYTHING,
    example: {},
    steps: steps.map((step) => ({
      name: step.id,
      ...(step['type'] === undefined ? { action: step.id } : {}),
      ...step,
    })),
    ...more,
  });
  const compiled = compileDefinition(
    text,
    'test_flow.json',
    TEST_CATALOGUE,
    nested.map(({ plan }) => plan),
  );
  if (!compiled.ok)
    throw new Error(compiled.error.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return compilePlan(compiled.value);
}
