import type { Options } from 'amqplib';
import type { Call } from './copy';

/** One event of a batch, with what it would need to travel alone. */
export interface BatchPart {
  readonly body: Buffer;
  readonly options: Options.Publish;
  readonly call: Call;
}

/** Events for one queue that travel together. */
export interface Batch {
  readonly queue: string;
  readonly parts: readonly BatchPart[];
}

interface OpenBatch {
  readonly queue: string;
  readonly parts: BatchPart[];
  bytes: number;
}

/** Collects the copies of one turn for trackers: one message per queue, more only beyond the bounds. */
export class Batches {
  readonly #limits: { readonly events: number; readonly bytes: number };
  #full: Batch[] = [];
  #open = new Map<string, OpenBatch>();

  constructor(limits: { readonly events: number; readonly bytes: number }) {
    this.#limits = limits;
  }

  /** Adds one encoded event. */
  add(queue: string, part: BatchPart): void {
    const batch = this.#roomFor(queue, part.body.length);
    batch.parts.push(part);
    batch.bytes += part.body.length;
  }

  #roomFor(queue: string, bytes: number): OpenBatch {
    const open = this.#open.get(queue);
    if (open && open.parts.length < this.#limits.events && open.bytes + bytes <= this.#limits.bytes)
      return open;
    if (open) this.#full.push(open);
    const fresh: OpenBatch = { queue, parts: [], bytes: 0 };
    this.#open.set(queue, fresh);
    return fresh;
  }

  /** All batches of the turn; the next turn begins empty. */
  take(): readonly Batch[] {
    if (this.#open.size === 0) return NONE;
    const taken = [...this.#full, ...this.#open.values()];
    this.#full = [];
    this.#open = new Map();
    return taken;
  }
}

const NONE: readonly Batch[] = [];
const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');

/** The JSON array of encoded events. */
export function joinEvents(bodies: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [];
  bodies.forEach((body, index) => pieces.push(index === 0 ? OPEN : COMMA, body));
  pieces.push(CLOSE);
  return Buffer.concat(pieces);
}
