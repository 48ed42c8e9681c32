import * as z from 'zod';
import type { JsonObject, JsonValue } from '../cloud-event';

/** The one definition that payload schemas share. */
const SHARED = 'JsonValue';

/** Where shared schemas stand in the document. */
export const SHARED_REFERENCE = `#/components/schemas/${SHARED}`;

/**
 * A schema for a place inside a document: draft 7, which is what AsyncAPI takes without being told, and with references into the
 * document's components. Of the two sides of a schema the one that a receiver accepts.
 */
export function messageSchema(schema: z.ZodType): JsonObject {
  const { definitions, ...own } = draft7(schema);
  const stranger = Object.keys(definitions).find((name) => name !== SHARED);
  if (stranger !== undefined) throw new Error(`the definition ${stranger} has no place in the document yet`);
  return pointed(own) as JsonObject;
}

/** The shared definition itself, out of a schema that uses it. */
export function sharedSchemas(schema: z.ZodType): JsonObject {
  return pointed(draft7(schema).definitions) as JsonObject;
}

function draft7(schema: z.ZodType): JsonObject & { readonly definitions: JsonObject } {
  const jsonSchema: unknown = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  const members = Object.entries(jsonSchema as JsonObject).filter(([name]) => name !== '$schema');
  return { definitions: {}, ...Object.fromEntries(members) };
}

function pointed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(pointed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === '$ref' && member === `#/definitions/${SHARED}` ? SHARED_REFERENCE : pointed(member),
    ]),
  );
}
