import { attributeRules, extensionProblem, requiredAttributes } from './attribute-rules';

const SHOWN = 80;

function shown(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);
  }
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : `a value of type ${typeof value}`;
}

function attributeProblem(name: string, value: unknown): string | undefined {
  const rule = attributeRules.get(name);
  const problem = rule === undefined ? extensionProblem(name, value) : rule(value);
  return problem === undefined ? undefined : `attribute ${shown(name)} ${problem}; it is ${shown(value)}`;
}

/**
 * The first thing that is wrong with an event's attributes, as a sentence; undefined when it is an event.
 * `data` may be anything. Attributes that are `null` or `undefined` count as absent.
 */
export function eventProblem(event: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of Object.keys(event)) {
    const value = event[name];
    if (name === 'data' || value === null || value === undefined) continue;
    const problem = attributeProblem(name, value);
    if (problem !== undefined) return problem;
  }
  const missing = requiredAttributes.find((name) => event[name] === undefined || event[name] === null);
  return missing === undefined ? undefined : `the required attribute "${missing}" is missing`;
}
