import type { DefinitionProblem } from '@aura/contracts';
import type { Plan } from '../../plan/plan';
import { compileDefinition } from '../compile-definition';
import type { ActionCatalogue, OfferedAction } from '../offered-action';

const text = { type: 'string' };

function action(name: string, more: Partial<OfferedAction> = {}): [string, OfferedAction] {
  return [
    name,
    {
      name,
      participant: `p-${name}`,
      kind: 'pure',
      description: '',
      input: { type: 'object', properties: { a: text, n: { type: 'integer' }, c: { enum: ['x', 'y'] } } },
      output: {
        type: 'object',
        properties: { b: text, maybe: text, list: { type: 'array', items: { $ref: '#/$defs/item' } } },
        required: ['b'],
        additionalProperties: false,
        $defs: { item: { type: 'object', properties: { hex: text }, required: ['hex'] } },
      },
      emits: `ai.aura.${name}.done.v1`,
      publishes: [],
      ...more,
    },
  ];
}

const needsA: OfferedAction['input'] = {
  type: 'object',
  properties: { a: text },
  required: ['a'],
  additionalProperties: false,
};

/** One action of each kind that the compiler tells apart. */
export const sampleActions: ActionCatalogue = new Map([
  action('one'),
  action('two'),
  action('needy', { input: needsA }),
  action('pay', { kind: 'stateful' }),
  action('reserve', { kind: 'stateful', undo: { name: 'undo-it', input: true } }),
  action('look', { kind: 'reading' }),
  action('held', { kind: 'stateful', undo: { name: 'let-go', input: true }, transactional: true }),
  action('loud', { emits: `ai.aura.${'x'.repeat(190)}.v1` }),
]);

/** Required members of a definition, one a line. */
export const HEAD: readonly string[] = ['id: demo', 'name: Demo', 'version: 1.0.0'];

/** One line that declares an input with a text and a number. */
export const INPUT = 'input: { properties: { x: { type: string }, n: { type: number } }, required: [x] }';

/** A definition of five lines and the given ones: `steps:` is line 5, the first given line is line 6. */
export function definition(...steps: readonly string[]): string {
  return [...HEAD, INPUT, 'steps:', ...steps].join('\n');
}

function head(id: string, version = '1.0.0'): string {
  return [`id: ${id}`, 'name: Sample', `version: ${version}`, ''].join('\n');
}

const nights = 'input: { properties: { nights: { type: number } }, required: [nights] }';
const pays = 'steps: [{ id: pay, action: pay }]';
const reserves = 'steps: [{ id: reserve, action: reserve }]';

function running(workflow: string): string {
  return `steps: [{ id: nested, type: saga, saga: { workflow: ${workflow} } }]`;
}

/** Active definitions: `stay` in two versions, `paying` that cannot be undone, `level1` to `level6`, one that runs `demo`. */
export const samplePlans: readonly Plan[] = [
  `${head('stay')}${nights}\n${reserves}`,
  `${head('stay', '2.0.0')}${nights}\n${reserves}`,
  `${head('paying')}${pays}`,
  `${head('demo', '0.1.0')}${reserves}`,
  `${head('outer_demo')}${running('demo')}`,
  `${head('level1')}${reserves}`,
  ...[1, 2, 3, 4, 5].map((level) => `${head(`level${level + 1}`)}${running(`level${level}`)}`),
].reduce<readonly Plan[]>((plans, source) => {
  const result = compileDefinition(source, 'sample.yaml', sampleActions, plans);
  if (!result.ok) throw new Error(JSON.stringify(result.error, undefined, 1));
  return [...plans, result.value];
}, []);

/** Why a definition is refused; empty when it is not. */
export function problemsOf(source: string): readonly DefinitionProblem[] {
  const result = compileDefinition(source, 'demo.yaml', sampleActions, samplePlans);
  return result.ok ? [] : result.error;
}

/** The plan of a definition that compiles. */
export function planOf(source: string): Plan {
  const result = compileDefinition(source, 'demo.yaml', sampleActions, samplePlans);
  if (!result.ok) throw new Error(JSON.stringify(result.error, undefined, 1));
  return result.value;
}
