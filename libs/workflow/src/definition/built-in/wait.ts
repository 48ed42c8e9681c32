import { stepCompleted } from '@aura/contracts';
import { BUILT_IN_PARTICIPANT } from '../../plan/built-in';
import type { BuiltIn } from '../../plan/built-in';
import { compileExpression } from '../../expression/expression';
import type { OfferedAction } from '../offered-action';
import type { BuiltInCompiler } from './built-in-compiler';

const TIME = { type: 'string', format: 'date-time' } as const;

/** A wait changes nothing, and its end is recorded. */
function action(
  input: Readonly<Record<string, OfferedAction['input']>>,
  output: OfferedAction['output'],
): OfferedAction {
  return {
    name: 'wait',
    participant: BUILT_IN_PARTICIPANT,
    kind: 'reading',
    description: 'Waits for a time or an event.',
    input: { type: 'object', properties: input, required: Object.keys(input), additionalProperties: false },
    output,
    emits: stepCompleted.type,
    publishes: [],
  };
}

/** Output of a wait for a time: until when it waited. */
const UNTIL: OfferedAction['output'] = {
  type: 'object',
  properties: { until: TIME },
  required: ['until'],
  additionalProperties: false,
};

/** Compiles `wait`. The output of a wait for an event is the event's data, of which nothing is known. */
export const compileWait: BuiltInCompiler = ({ draft, place, problems }) => {
  const { wait } = draft;
  if (wait === undefined) return undefined;
  const inputPlace = [...place, 'wait'];
  const made = (builtIn: BuiltIn, offered: OfferedAction, input = {}) => ({
    builtIn,
    action: offered,
    input,
    inputPlace,
  });
  if (wait.for !== undefined) return made({ type: 'wait', forMs: wait.for }, action({}, UNTIL));
  if (wait.on === undefined)
    return made({ type: 'wait' }, action({ until: TIME }, UNTIL), { until: wait.until });
  if (wait.correlate === undefined) return made({ type: 'wait', on: wait.on }, action({}, true));
  const correlate = compileExpression(wait.correlate, { roots: ['event'] });
  if (!correlate.ok)
    problems.add('INVALID_EXPRESSION', [...inputPlace, 'correlate'], `CEL ${correlate.error.message}`);
  const key = { type: ['string', 'number'] };
  return made({ type: 'wait', on: wait.on, correlate: wait.correlate }, action({ match: key }, true), {
    match: wait.match,
  });
};
