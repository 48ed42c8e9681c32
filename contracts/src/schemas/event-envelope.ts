import * as z from 'zod';
import type { EventDefinition } from '../events/define-event';

const filled = z.string().min(1);
const filledOrAbsent = filled.optional();
const uriReference = z.string().min(1).meta({ format: 'uri-reference' });

const attributes = {
  specversion: z.literal('1.0'),
  id: filled,
  source: uriReference,
  time: z.string().meta({ format: 'date-time' }).optional(),
  subject: filledOrAbsent,
  datacontenttype: filledOrAbsent,
  dataschema: filled.meta({ format: 'uri' }).optional(),
  correlationid: filledOrAbsent,
  causationid: filledOrAbsent,
  aurastep: filledOrAbsent,
  aurarun: z.int32().min(1).optional(),
  auraepoch: z.int32().min(1).optional(),
  auraplan: filledOrAbsent,
  aurapartition: z.int32().min(0).optional(),
  aurareplay: filledOrAbsent,
  replayid: filledOrAbsent,
  sequence: filledOrAbsent,
  traceparent: filledOrAbsent,
  tracestate: z.string().optional(),
};

const extension = z.union([z.string(), z.boolean(), z.int32()]);

/**
 * The whole CloudEvent of a definition in structured mode, with its payload inside, for generated descriptions.
 * `attributeRules` is what decides on receive; this says the same as far as JSON Schema can.
 */
export function eventEnvelope(definition: EventDefinition): z.ZodType {
  return z
    .object({ ...attributes, type: z.literal(definition.type), data: definition.data })
    .catchall(extension)
    .meta({ title: definition.type, description: definition.description });
}
