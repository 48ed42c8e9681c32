import type { Actor } from '@aura/saga';

/** What of a request tells who makes it. */
export interface RequestFace {
  readonly method: string;
  /** With the query, as it came. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * Tells who makes a request; asked once for each that reaches a road which is not `@Open()`. Whoever it names goes into
 * the journal with what the request changes. Refuses by throwing `unauthenticated` or `forbidden`.
 */
export type Identify = (request: RequestFace) => Actor | Promise<Actor>;
