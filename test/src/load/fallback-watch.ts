import { performance } from 'node:perf_hooks';

/** Takes the time from the moment a saga's step was refused to the moment what stands for it began. */
export class FallbackWatch {
  private readonly refusedAt = new Map<string, number>();
  private taken: number[] = [];

  /** A saga's step is about to be refused. Redelivered, the first time counts. */
  readonly refused = (saga: string): void => {
    if (!this.refusedAt.has(saga)) this.refusedAt.set(saga, performance.now());
  };

  /** What stands for the step has begun. */
  readonly instead = (saga: string): void => {
    const since = this.refusedAt.get(saga);
    if (since === undefined) throw new Error(`the fallback of ${saga} began before its step was refused`);
    this.taken.push(performance.now() - since);
  };

  /** The times since the last call, milliseconds. */
  take(): readonly number[] {
    const taken = this.taken;
    this.taken = [];
    return taken;
  }
}
