import { problemDetails } from '@aura/contracts';
import { AuraClientError, AuraProblemError, AuraUnreachableError, UnexpectedAnswerError } from './errors';
import type { Retries } from './retries';

/** What of `fetch` is used; browsers, Node and test doubles of servers all have it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One request. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Begins with a slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | Blob;
  readonly signal?: AbortSignal;
  /** Whether asking twice is the same as asking once; only then it is retried. */
  readonly repeatable: boolean;
  /** The answer is a stream: its end is not waited for, no time limit. */
  readonly streams?: boolean;
}

/** A schema of the contracts, as far as the client needs it. */
export interface AnswerSchema<T> {
  safeParse(
    value: unknown,
  ): { readonly success: true; readonly data: T } | { readonly success: false; readonly error: Error };
}

/** How a transport asks. */
export interface TransportSettings {
  /** Without a slash at the end. */
  readonly url: string;
  readonly fetch: Fetch;
  readonly retries: Retries;
  /** Milliseconds that one request may take, without streams. */
  readonly timeoutMs: number;
  /** What goes with every request as `Authorization: Bearer`. */
  readonly token?: string | (() => string | Promise<string>);
}

/** The HTTP road to one Aura: retries what may be retried, turns problem details into typed errors, parses answers. */
export class Transport {
  constructor(private readonly settings: TransportSettings) {}

  /** Without a slash at the end. */
  get url(): string {
    return this.settings.url;
  }

  /** Asks and parses the JSON answer. */
  async ask<T>(request: TransportRequest, schema: AnswerSchema<T>): Promise<T> {
    const once = async (): Promise<T> =>
      this.parse(await this.read(await this.open(request), request.signal), schema);
    if (!request.repeatable) return once();
    return this.settings.retries.execute(once, request.signal);
  }

  /** Sends one request, once; an error status is thrown as {@link AuraProblemError}. */
  async open(request: TransportRequest): Promise<Response> {
    const { method, path, body, signal } = request;
    signal?.throwIfAborted();
    const headers = { ...request.headers, ...(await this.authorization()) };
    const limits = request.streams ? [] : [AbortSignal.timeout(this.settings.timeoutMs)];
    const init: RequestInit = {
      method,
      headers,
      signal: AbortSignal.any([...(signal ? [signal] : []), ...limits]),
      ...(body === undefined ? {} : { body }),
    };
    const response = await this.answered(() => this.settings.fetch(this.url + path, init), signal);
    if (response.ok) return response;
    throw await this.problemOf(response, signal);
  }

  /** Runs something that reads from the network: its failures are "unreachable", unless the caller aborted. */
  async answered<T>(read: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await read();
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AuraClientError) throw error;
      throw new AuraUnreachableError(this.url, reasonOf(error), error);
    }
  }

  private async authorization(): Promise<Readonly<Record<string, string>>> {
    const { token } = this.settings;
    if (token === undefined) return {};
    return { authorization: `Bearer ${typeof token === 'string' ? token : await token()}` };
  }

  private async read(response: Response, signal?: AbortSignal): Promise<unknown> {
    const text = await this.answered(() => response.text(), signal);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new UnexpectedAnswerError(response.url, 'it is not JSON', error);
    }
  }

  private parse<T>(answer: unknown, schema: AnswerSchema<T>): T {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new UnexpectedAnswerError(this.url, parsed.error.message, parsed.error);
  }

  private async problemOf(response: Response, signal?: AbortSignal): Promise<AuraProblemError> {
    const text = await this.answered(() => response.text(), signal);
    const wait = retryAfterMs(response.headers.get('retry-after'));
    const parsed = problemDetails.safeParse(jsonOrUndefined(text));
    if (parsed.success) return new AuraProblemError(parsed.data, wait);
    // A proxy on the way answers in its own words.
    const { status, statusText } = response;
    const title = statusText || `HTTP ${status}`;
    const detail = `${this.url} answered ${status} ${text.slice(0, 200)}`.trim();
    return new AuraProblemError({ type: 'about:blank', title, status, detail, code: `HTTP_${status}` }, wait);
  }
}

/** Seconds, or a date (RFC 9110 §10.2.3). */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` hides the reason in the cause, which may hide several in turn. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { cause, errors, code, message } = error as {
    readonly cause?: unknown;
    readonly errors?: readonly unknown[];
    readonly code?: unknown;
    readonly message?: unknown;
  };
  const inner = cause ?? errors?.[0];
  if (inner !== undefined) return reasonOf(inner);
  return typeof message === 'string' && message !== '' ? message : String(code);
}
