import { systemWorld } from '@aura/embedded';
import type { World } from '@aura/kernel';

/** The running process's world, whose clocks a test can move forward while timers go on as they are. */
export class ShiftedWorld implements World {
  private readonly real = systemWorld();
  private wall = 0;
  private elapsed = 0;

  readonly clock = {
    now: (): number => this.real.clock.now() + this.wall,
    monotonic: (): number => this.real.clock.monotonic() + this.elapsed,
  };
  readonly scheduler = this.real.scheduler;
  readonly randomness = this.real.randomness;

  /** Time passes at once, ms. */
  pass(ms: number): void {
    this.wall += ms;
    this.elapsed += ms;
  }

  /** Somebody sets the wall clock forward, ms. */
  jump(ms: number): void {
    this.wall += ms;
  }
}
