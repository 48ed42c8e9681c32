import * as z from 'zod';
import type { JsonValue } from '../cloud-event';
import { eventCatalogue } from '../events/event-catalogue';
import { httpCatalogue } from '../http-catalogue';
import { eventEnvelope } from './event-envelope';
import { inOrder } from './in-order';

/** Of the two sides of a schema the one that a receiver accepts: defaults may be missing, strangers' members are let through. */
function jsonSchemaText(schema: z.ZodType): string {
  const jsonSchema = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
  return `${JSON.stringify(inOrder(jsonSchema as JsonValue), null, 2)}\n`;
}

/**
 * The JSON Schemas (draft 2020-12) that are kept under `contracts/schemas`: texts by path, `<type>.json` for each event
 * as a whole CloudEvent, `http/<name>.json` for each HTTP shape. The same source gives the same bytes.
 */
export function jsonSchemaFiles(): ReadonlyMap<string, string> {
  const events = [...eventCatalogue.values()].map(
    (definition) => [`${definition.type}.json`, jsonSchemaText(eventEnvelope(definition))] as const,
  );
  const shapes = [...httpCatalogue].map(
    ([name, schema]) => [`http/${name}.json`, jsonSchemaText(schema)] as const,
  );
  return new Map([...events, ...shapes]);
}
