import type { ErrorRecord } from '@aura/contracts';
import type { Log, Meter } from '@aura/kernel';
import type { OutageListener } from '@aura/messaging';

/** Who is told of the breaker of one consumer. */
export interface OutageWatcherParts {
  readonly consumer: string;
  readonly queue: string;
  readonly log: Log;
  readonly meter: Meter;
  /** Tells the coordinator, and whoever looks on. */
  readonly say: OutageListener;
}

/** Hears a breaker: hands on what it says, counts how often it opened, and tells the log of the changes alone. */
export class OutageWatcher implements OutageListener {
  private isPaused = false;
  private readonly stopReading: () => void;

  constructor(private readonly parts: OutageWatcherParts) {
    const { meter, consumer } = parts;
    this.stopReading = meter.gauge('aura_consumer_paused', { consumer }, () => (this.isPaused ? 1 : 0));
  }

  paused(untilMs: number, error: ErrorRecord): void {
    const { consumer, queue, log, meter, say } = this.parts;
    if (!this.isPaused) {
      meter.counter('aura_consumer_pauses_total', { consumer }).add();
      log.error('consumer paused: the same failure across many sagas', { consumer, queue, code: error.code });
    }
    this.isPaused = true;
    say.paused(untilMs, error);
  }

  resumed(): void {
    const { consumer, queue, log, say } = this.parts;
    this.isPaused = false;
    log.info('consumer resumed', { consumer, queue });
    say.resumed();
  }

  failed(error: unknown): void {
    this.parts.say.failed(error);
  }

  /** Nobody asks any more. */
  stop(): void {
    this.stopReading();
  }
}
