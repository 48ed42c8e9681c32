import { Problem, retryAfter } from '../problems/problem';

const FULL_RETRY_MS = 5000;

/** One of the places. */
export interface Place {
  /** Aborts when the place is given back or the process stops. */
  readonly signal: AbortSignal;
  /** Gives the place back and aborts the signal; harmless when repeated. */
  close(): void;
}

/** What is said when there is no place. */
export interface PlaceWords {
  readonly code: string;
  /** E.g. `feeds are open`. */
  readonly what: string;
  readonly help: string;
}

/** Places for requests that stay: bounded in number, and all given back when the process stops. */
export class Places {
  private readonly open = new Set<AbortController>();
  private stopping = false;

  constructor(
    private readonly most: number,
    private readonly words: PlaceWords,
  ) {}

  /** How many are taken. */
  get size(): number {
    return this.open.size;
  }

  /** Whether the process stops, and every place was given back for that. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** Takes a place; 503 when all are taken or the process is stopping. */
  take(): Place {
    if (this.stopping || this.open.size >= this.most) throw this.refusal();
    const controller = new AbortController();
    this.open.add(controller);
    const close = (): void => {
      this.open.delete(controller);
      controller.abort();
    };
    return { signal: controller.signal, close };
  }

  /** Gives every place back, so that the server's connections can close. Nest calls it. */
  onModuleDestroy(): void {
    this.stopping = true;
    for (const controller of this.open) controller.abort();
  }

  private refusal(): Problem {
    const { code, what, help } = this.words;
    const detail = this.stopping ? 'Aura is stopping' : `${this.open.size} ${what}, the most allowed`;
    return new Problem(503, { code, detail, help }, retryAfter(FULL_RETRY_MS));
  }
}
