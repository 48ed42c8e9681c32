import { problemDetails } from '@aura/contracts';
import type { RetryPolicy } from 'cockatiel';
import { AuraClientError, AuraProblemError, AuraUnreachableError, UnexpectedAnswerError } from './errors';

/** What of `fetch` is used; browsers, Node and test doubles of servers all have it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One request. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST';
  /** Begins with a slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
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

/** The HTTP road to one Aura: retries what may be retried, turns problem details into typed errors, parses answers. */
export class Transport {
  constructor(
    /** Without a slash at the end. */
    readonly url: string,
    private readonly fetch: Fetch,
    private readonly retries: RetryPolicy,
    /** Milliseconds that one request may take, without streams. */
    private readonly timeoutMs: number,
  ) {}

  /** Asks and parses the JSON answer. */
  async ask<T>(request: TransportRequest, schema: AnswerSchema<T>): Promise<T> {
    const once = async (): Promise<T> => this.parse(await this.read(await this.open(request)), schema);
    if (!request.repeatable) return once();
    return this.retries.execute(once, request.signal);
  }

  /** Sends one request, once; an error status is thrown as {@link AuraProblemError}. */
  async open(request: TransportRequest): Promise<Response> {
    const { method, path, headers, body, signal } = request;
    const limits = request.streams ? [] : [AbortSignal.timeout(this.timeoutMs)];
    const init: RequestInit = {
      method,
      signal: AbortSignal.any([...(signal ? [signal] : []), ...limits]),
      ...(headers ? { headers } : {}),
      ...(body === undefined ? {} : { body }),
    };
    const response = await this.answered(() => this.fetch(this.url + path, init), signal);
    if (response.ok) return response;
    throw await this.problemOf(response);
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

  private async read(response: Response): Promise<unknown> {
    const text = await this.answered(() => response.text());
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

  private async problemOf(response: Response): Promise<AuraProblemError> {
    const text = await this.answered(() => response.text());
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const wait = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    const parsed = problemDetails.safeParse(jsonOrUndefined(text));
    if (parsed.success) return new AuraProblemError(parsed.data, wait);
    // A proxy on the way answers in its own words.
    const { status, statusText } = response;
    const title = statusText || `HTTP ${status}`;
    const detail = `${this.url} answered ${status} ${text.slice(0, 200)}`.trim();
    return new AuraProblemError({ type: 'about:blank', title, status, detail, code: `HTTP_${status}` }, wait);
  }
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
