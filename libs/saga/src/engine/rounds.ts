import type { Cancel, Scheduler } from '@aura/kernel';

/** What is done in a round, and who hears of one that went wrong: the next one tries again. */
export interface Round {
  look(): Promise<void>;
  failed(error: unknown): void;
}

/**
 * Looks again and again: each round begins a while behind the end of the one before.
 *
 * - waiting: entered by `start()` and by the end of a round; left when its time has come.
 * - looking: one round at a time; left by its end, well or not.
 * - stopped: entered by `stop()`, for good; a round under way ends first.
 */
export class Rounds {
  private cancel: Cancel = () => undefined;
  private looking: Promise<void> = Promise.resolve();
  private hasStopped = false;

  /** `everyMs`: wait before each round. */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly everyMs: number,
    private readonly round: Round,
  ) {}

  /** Whether no further round begins; one under way may end early. */
  get isStopping(): boolean {
    return this.hasStopped;
  }

  start(): void {
    if (this.hasStopped) return;
    this.cancel = this.scheduler.after(this.everyMs, () => {
      this.looking = this.round
        .look()
        .catch((error: unknown) => this.round.failed(error))
        .finally(() => this.start());
    });
  }

  /** Resolves when no round is under way any more. */
  async stop(): Promise<void> {
    this.hasStopped = true;
    this.cancel();
    await this.looking;
  }
}
