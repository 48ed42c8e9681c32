import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { HttpSettings } from '../http-settings';
import { Problem, retryAfter } from '../problems/problem';
import { HTTP_SETTINGS } from '../tokens';

const FULL_RETRY_MS = 5000;

/** A place among the open feeds. */
export interface OpenFeed {
  /** Aborts when the client has gone or the process stops. */
  readonly signal: AbortSignal;
  /** Gives the place back and aborts the signal; harmless when repeated. */
  close(): void;
}

/** The feeds that clients hold open: bounded in number, and all ended when the process stops. */
@Injectable()
export class OpenFeeds implements OnModuleDestroy {
  private readonly open = new Set<AbortController>();
  private stopping = false;

  constructor(@Inject(HTTP_SETTINGS) private readonly settings: HttpSettings) {}

  /** How many are open. */
  get size(): number {
    return this.open.size;
  }

  /** Takes a place; 503 when all are taken or the process is stopping. */
  take(): OpenFeed {
    if (this.stopping || this.open.size >= this.settings.maxFeeds) {
      throw new Problem(
        503,
        {
          code: 'TOO_MANY_FEEDS',
          detail: this.stopping ? 'Aura is stopping' : `${this.open.size} feeds are open, the most allowed`,
          help: 'Connect again later, or ask for the saga itself from time to time.',
        },
        retryAfter(FULL_RETRY_MS),
      );
    }
    const controller = new AbortController();
    this.open.add(controller);
    const close = (): void => {
      this.open.delete(controller);
      controller.abort();
    };
    return { signal: controller.signal, close };
  }

  /** Ends every feed, so that the server's connections can close. */
  onModuleDestroy(): void {
    this.stopping = true;
    for (const controller of this.open) controller.abort();
  }
}
