import { StoreUnavailableError } from '@aura/kernel';
import { encodeFrame } from '../wire/frame';
import type { WireValue } from '../wire/protocol';

/** What a call is answered. */
export interface CallAnswer {
  readonly value: WireValue;
  /** Bytes behind it. */
  readonly tail: Uint8Array;
}

/** Most bytes of open calls, while the host is away or slow: 128 MiB. */
const MOST_BYTES = 128 * 1024 * 1024;

interface OpenCall {
  readonly frame: Buffer;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (answer: CallAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** What is asked. */
export interface CallRequest {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly tail?: Uint8Array;
  /** Default: the time limit of all calls, ms. */
  readonly timeoutMs?: number;
}

/** Calls that wait for their answers. All may be sent again: what they do is done once, or harmless twice. */
export class OpenCalls {
  readonly #open = new Map<number, OpenCall>();
  #count = 0;
  #bytes = 0;

  constructor(private readonly timeoutMs: number) {}

  /** Opens a call; `send` gets its frame. Errors: `StoreUnavailableError` without an answer, or with too much open already. */
  open(request: CallRequest, send: (frame: Buffer) => void): Promise<CallAnswer> {
    const { method, args, tail, timeoutMs = this.timeoutMs } = request;
    this.#count += 1;
    const id = this.#count;
    const frame = encodeFrame({ kind: 'call', id, method, args }, tail === undefined ? [] : [tail]);
    if (this.#bytes > 0 && this.#bytes + frame.length > MOST_BYTES) return Promise.reject(tooMuch());
    this.#bytes += frame.length;
    return new Promise((resolve, reject) => {
      const late = `the Aura that was joined gave no answer to ${method} within ${timeoutMs} ms`;
      const timer = setTimeout(() => this.#take(id)?.reject(new StoreUnavailableError(late)), timeoutMs);
      this.#open.set(id, { frame, timer, resolve, reject });
      send(frame);
    });
  }

  answered(id: number, answer: CallAnswer): void {
    this.#take(id)?.resolve(answer);
  }

  refused(id: number, error: Error): void {
    this.#take(id)?.reject(error);
  }

  /** Fails every open call. */
  failAll(error: Error): void {
    for (const id of [...this.#open.keys()]) this.refused(id, error);
  }

  /** Frames of all open calls, in the order in which they were asked. */
  frames(): readonly Buffer[] {
    return [...this.#open.values()].map(({ frame }) => frame);
  }

  #take(id: number): OpenCall | undefined {
    const call = this.#open.get(id);
    this.#open.delete(id);
    this.#bytes -= call?.frame.length ?? 0;
    clearTimeout(call?.timer);
    return call;
  }
}

function tooMuch(): StoreUnavailableError {
  return new StoreUnavailableError(
    `calls of ${MOST_BYTES} bytes wait for the Aura that was joined; no more are taken`,
  );
}
