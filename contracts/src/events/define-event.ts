import type { z } from 'zod';

/** The definition of one CloudEvent type: its name on the wire, the schema of its `data`, one sentence. */
export interface EventDefinition<T extends string = string, S extends z.ZodType = z.ZodType> {
  readonly type: T;
  readonly data: S;
  readonly description: string;
}

/** Declares one CloudEvent type. */
export function defineEvent<T extends string, S extends z.ZodType>(
  type: T,
  description: string,
  data: S,
): EventDefinition<T, S> {
  return { type, data, description };
}

/** The type of an event definition's `data`. */
export type EventData<E extends EventDefinition> = z.infer<E['data']>;
