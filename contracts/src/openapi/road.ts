import type { z } from 'zod';

/** What a road answers with one status. */
export interface RoadAnswer {
  readonly description: string;
  /** Name of a shape of `httpCatalogue`. */
  readonly shape?: string;
  /** Default `application/json`. */
  readonly mediaType?: string;
  /** Names of headers that it has, with what they say. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a road takes as its body: a shape of `httpCatalogue`, text, bytes or a form with one file. */
export interface RoadBody {
  readonly mediaTypes: readonly string[];
  readonly content: { readonly shape: string } | 'text' | 'bytes' | 'form';
  readonly description: string;
}

/** One road of the coordinator's HTTP face: a method and a path. */
export interface HttpRoad {
  /** Unique; names of generated clients are made from it. */
  readonly id: string;
  readonly method: 'get' | 'post' | 'delete';
  /** With `{name}` for what varies. */
  readonly path: string;
  readonly tag: 'workflows' | 'transactions' | 'definitions' | 'images' | 'operations' | 'health';
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  /** Optional request headers by name. */
  readonly headers?: Readonly<Record<string, { readonly schema: z.ZodType; readonly description: string }>>;
  readonly bodies?: readonly RoadBody[];
  readonly answers: Readonly<Record<string, RoadAnswer>>;
  /** Statuses of problems that are this road's own, with what they mean. Any other error is a problem too. */
  readonly problems?: Readonly<Record<string, string>>;
  /** Nobody has to be known. */
  readonly isOpen?: boolean;
}
