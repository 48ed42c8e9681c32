import type { Cancel, World } from '@aura/kernel';
import type { Consumer, Delivery } from '../bus';

/** Wait before a delivery whose outcome could not be published is given back, ms; doubles with its returns. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Deliveries that are given back after a pause: a hot loop would bring them to their limit of returns, which is meant for
 * what kills its consumer. Who stops gives all of them back at once, for another consumer.
 */
export class GiveBacks {
  private readonly pending = new Map<Delivery, Cancel>();
  private isStopping = false;

  constructor(private readonly world: World) {}

  /** Gives a delivery back, sooner or later. */
  later(delivery: Delivery): void {
    if (this.isStopping) return delivery.giveBack();
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** delivery.returns, LONGEST_PAUSE_MS);
    const cancel = this.world.scheduler.after(pauseMs, () => {
      this.pending.delete(delivery);
      delivery.giveBack();
    });
    this.pending.set(delivery, cancel);
  }

  /** The consumer, whose stop does not wait for what is pending. It is cancelled first: nothing comes back to it. */
  stoppedWith(consumer: Consumer): Consumer {
    return {
      queue: consumer.queue,
      pause: () => consumer.pause(),
      resume: (prefetch) => consumer.resume(prefetch),
      stop: (graceMs) => {
        const stopped = consumer.stop(graceMs);
        this.flush();
        return stopped;
      },
    };
  }

  private flush(): void {
    this.isStopping = true;
    for (const [delivery, cancel] of this.pending) {
      cancel();
      delivery.giveBack();
    }
    this.pending.clear();
  }
}
