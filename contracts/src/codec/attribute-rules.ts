import {
  absoluteUri,
  extensionValue,
  filledText,
  integerFrom,
  mediaType,
  text,
  uriReference,
} from './attribute-syntax';
import type { AttributeRule } from './attribute-syntax';
import { timestamp } from './timestamp';

/** Attributes that every event has. */
export const requiredAttributes = ['specversion', 'id', 'source', 'type'] as const;

/** The rule of every attribute that Aura knows. An attribute that is `null` counts as absent and meets no rule. */
export const attributeRules: ReadonlyMap<string, AttributeRule> = new Map<string, AttributeRule>([
  ['specversion', (value) => (value === '1.0' ? undefined : 'must be exactly "1.0"')],
  ['id', filledText],
  ['source', uriReference],
  ['type', filledText],
  ['time', timestamp],
  ['subject', filledText],
  ['datacontenttype', mediaType],
  ['dataschema', absoluteUri],
  ['correlationid', filledText],
  ['causationid', filledText],
  ['aurastep', filledText],
  ['aurarun', integerFrom(1)],
  ['auraepoch', integerFrom(1)],
  ['auraplan', filledText],
  ['aurapartition', integerFrom(0)],
  ['aurareplay', filledText],
  ['replayid', filledText],
  ['sequence', filledText],
  ['traceparent', filledText],
  ['tracestate', text],
  ['dataref', uriReference],
]);

/** Attributes that are numbers in an event. Where a transport has text alone (HTTP headers), digits become the number. */
export const integerAttributes: ReadonlySet<string> = new Set(['aurarun', 'auraepoch', 'aurapartition']);

const EXTENSION_NAME = /^[a-z0-9]+$/;

/** What holds for extensions that nobody knows: lower-case letters and digits of any length, and a plain value. */
export function extensionProblem(name: string, value: unknown): string | undefined {
  return EXTENSION_NAME.test(name)
    ? extensionValue(value)
    : 'is no attribute name: only lower-case letters and digits are allowed';
}
