import type { Cancel, World } from '@aura/kernel';
import { RareWarning } from '@aura/messaging';

/** What is done in a round, and who hears of one that went wrong: the next one tries again. */
export interface Round {
  look(): Promise<void>;
  /** Of rounds that go wrong one after the other, called for the first, and then ever more rarely. */
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
  private readonly warning: RareWarning;

  /** `everyMs`: wait before each round. */
  constructor(
    private readonly world: Pick<World, 'clock' | 'scheduler' | 'randomness'>,
    private readonly everyMs: number,
    private readonly round: Round,
  ) {
    this.warning = new RareWarning(world, (error) => round.failed(error));
  }

  /** Whether no further round begins; one under way may end early. */
  get isStopping(): boolean {
    return this.hasStopped;
  }

  start(): void {
    if (this.hasStopped) return;
    this.cancel = this.world.scheduler.after(this.everyMs, () => {
      this.looking = this.round
        .look()
        .then(
          () => this.warning.worked(),
          (error: unknown) => this.warning.failed(error),
        )
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
