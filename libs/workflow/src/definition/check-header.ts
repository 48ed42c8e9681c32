import type { Model } from './draft-model';
import { asSchema } from './inline-refs';
import { compileSchema } from './json-schema';
import type { Problems } from './problems';
import { typesOf } from './schema-member';

/** A saga's input is an object: only members of it can travel along. */
function checkInputType({ draft }: Model, problems: Problems): void {
  const input = asSchema(draft.header.input);
  const types = input === true ? undefined : input === false ? [] : typesOf(input);
  if (types === undefined || (types.length === 1 && types[0] === 'object')) return;
  problems.add('INVALID_SCHEMA', ['input'], 'the input of a saga must be an object: write type: object');
}

/** The input's schema, and the example against it. */
export function checkHeader(model: Model, problems: Problems): void {
  checkInputType(model, problems);
  const { input, example } = model.draft.header;
  const compiled = compileSchema(asSchema(input));
  if (!compiled.ok) {
    problems.add('INVALID_SCHEMA', ['input'], `the input is no valid JSON Schema: ${compiled.error}`);
    return;
  }
  if (example === undefined) return;
  for (const { path, message } of compiled.value(example)) {
    const at = path === '' ? 'it' : `"${path}"`;
    problems.add(
      'INVALID_EXAMPLE',
      ['example', ...path.split('.').filter(Boolean)],
      `the example violates the input: ${at} ${message}`,
    );
  }
}
