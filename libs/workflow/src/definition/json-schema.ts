import type { JsonObject, JsonValue } from '@aura/contracts';
import { err, ok } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import { errorRecordOf } from '@aura/messaging';
import Ajv2020 from 'ajv/dist/2020';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { canonicalJson } from '../plan/canonical-json';

const MAX_CHARACTERS = 64 * 1024;
const MAX_ERRORS = 50;

/** One violation of a schema: where (`a.b[2]`, empty for the whole value) and why, in plain words. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

/** Checks values against one schema; an empty list means that the value fits. At most 50 violations are told. */
export type SchemaCheck = (value: JsonValue) => readonly Violation[];

function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((text, part) => {
      if (/^\d+$/.test(part)) return `${text}[${part}]`;
      return text === '' ? part : `${text}.${part}`;
    }, '');
}

function below(path: string, member: unknown): string {
  return path === '' ? String(member) : `${path}.${String(member)}`;
}

function violationOf({ keyword, instancePath, params, message }: ErrorObject): Violation {
  const path = pathOf(instancePath);
  switch (keyword) {
    case 'required':
      return { path: below(path, params['missingProperty']), message: 'is required' };
    case 'additionalProperties':
      return { path: below(path, params['additionalProperty']), message: 'is not known' };
    case 'enum':
      return { path, message: `must be one of ${JSON.stringify(params['allowedValues'])}` };
    case 'const':
      return { path, message: `must be ${JSON.stringify(params['allowedValue'])}` };
    default:
      return { path, message: message ?? `violates ${keyword}` };
  }
}

/** Judges schemas only. Compiling the meta-schema takes 50 ms, so that one is kept; it holds nothing of what it has seen. */
const metaSchema = new Ajv2020({ allErrors: true, strict: false, logger: false });

function invalidity(schema: JsonObject | boolean): string | undefined {
  const { length } = canonicalJson(schema);
  if (length > MAX_CHARACTERS) {
    return `the schema has ${length} characters; at most ${MAX_CHARACTERS} are allowed`;
  }
  if (typeof schema === 'object' && schema['$async'] !== undefined) return '"$async" is not allowed';
  return metaSchema.validateSchema(schema) === true
    ? undefined
    : metaSchema.errorsText(metaSchema.errors, { dataVar: 'schema' });
}

function compiled(schema: JsonObject | boolean): ValidateFunction {
  const options = {
    allErrors: true,
    strict: false,
    logger: false,
    meta: false,
    validateSchema: false,
  } as const;
  return addFormats(new Ajv2020(options)).compile(schema);
}

/**
 * Compiles a JSON Schema (draft 2020-12, with formats). Refused in words: a schema over 64 KiB, one that is no valid
 * schema, references to other documents. The check is a pure function and can be kept.
 */
export function compileSchema(schema: JsonObject | boolean): Result<SchemaCheck, string> {
  try {
    const reason = invalidity(schema);
    if (reason !== undefined) return err(reason);
    const validate = compiled(schema);
    return ok((value) => {
      validate(value);
      return (validate.errors ?? []).slice(0, MAX_ERRORS).map(violationOf);
    });
  } catch (error) {
    return err(errorRecordOf(error, 'technical').message);
  }
}
