import type { JsonObject, JsonValue } from '@aura/contracts';
import type { Mapping } from '../plan/plan';
import type { Place } from './problems';

/** Which paths a mapping may read: the saga's data, or a foreign event that starts one. */
export type MappingSyntax = 'saga' | 'event';

/** Told of a path that is none. */
export type OnMalformed = (place: Place, message: string) => void;

/** Attributes of a foreign event that a trigger may read beside its data. */
export const EVENT_ATTRIBUTES: readonly string[] = ['id', 'source', 'type', 'subject', 'time'];

const SEGMENT = /^[A-Za-z0-9_$-]+$/;

interface PathReader {
  /** Texts that are meant as paths. */
  readonly looksLikePath: RegExp;
  readonly shape: string;
  read(parts: readonly string[]): Mapping | undefined;
}

const READERS: Readonly<Record<MappingSyntax, PathReader>> = {
  saga: {
    looksLikePath: /^(input(\.|$)|steps\.[a-z][a-z0-9_]*(\.|$))/,
    shape: 'input.x or steps.<id>.output.x',
    read: ([root, step, output, ...path]) => {
      if (root === 'input') {
        const all = [step, output, ...path].filter((part) => part !== undefined);
        return { kind: 'input', path: all };
      }
      return step === undefined || output !== 'output' ? undefined : { kind: 'step', step, path };
    },
  },
  event: {
    looksLikePath: /^event(\.|$)/,
    shape: `event.data.x or event.${EVENT_ATTRIBUTES.join(', event.')}`,
    read: ([, attribute, ...path]) => {
      const isAttribute =
        attribute !== undefined && EVENT_ATTRIBUTES.includes(attribute) && path.length === 0;
      return attribute === 'data' || isAttribute ? { kind: 'input', path: [attribute, ...path] } : undefined;
    },
  },
};

function compileText(text: string, syntax: MappingSyntax, place: Place, onMalformed: OnMalformed): Mapping {
  const reader = READERS[syntax];
  if (!reader.looksLikePath.test(text)) return { kind: 'literal', value: text };
  const parts = text.split('.');
  const mapping = parts.every((part) => SEGMENT.test(part)) ? reader.read(parts) : undefined;
  if (mapping !== undefined) return mapping;
  onMalformed(place, `"${text}" is no path; write ${reader.shape}, or {literal: …} for the text itself`);
  return { kind: 'literal', value: text };
}

/** A composite of literals alone is one literal: nothing is then made anew at each evaluation. */
function folded(made: Extract<Mapping, { readonly kind: 'object' | 'array' }>, value: JsonValue): Mapping {
  const parts = made.kind === 'object' ? Object.values(made.members) : made.items;
  const isLiteral = parts.every(
    (part, at) =>
      part.kind === 'literal' && part.value === (Object.values(value as JsonObject)[at] as JsonValue),
  );
  return isLiteral ? { kind: 'literal', value } : made;
}

/**
 * Compiles a mapping as it is written. Texts that begin like a path are paths; `{literal: x}` is x whatever it looks
 * like; objects and arrays are mapped member by member; all else is a literal. A malformed path is told and read as
 * the literal.
 */
export function compileMapping(
  value: JsonValue,
  syntax: MappingSyntax,
  place: Place,
  onMalformed: OnMalformed,
): Mapping {
  if (typeof value === 'string') return compileText(value, syntax, place, onMalformed);
  if (value === null || typeof value !== 'object') return { kind: 'literal', value };
  if (Array.isArray(value)) {
    const items = (value as readonly JsonValue[]).map((item, at) =>
      compileMapping(item, syntax, [...place, at], onMalformed),
    );
    return folded({ kind: 'array', items }, value);
  }
  const entries = Object.entries(value as JsonObject);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'literal') return { kind: 'literal', value: only[1] };
  const members = entries.map(([name, member]) => [
    name,
    compileMapping(member, syntax, [...place, name], onMalformed),
  ]);
  return folded({ kind: 'object', members: Object.fromEntries(members) }, value);
}
