import { StoreUnavailableError } from '@aura/kernel';
import type { BusHealth } from '@aura/messaging';
import type { Dependency } from '../health/dependency';

/** Whether a process has taken up its work: not while it waits for servers, nor while it stops, nor without a consumer. */
export class Work implements Dependency {
  private bus: { health(): BusHealth } | undefined;
  private reason = 'has not begun yet';

  /** `name`: what works, e.g. `participant`. */
  constructor(readonly name: string) {}

  /** The queues are consumed. */
  begin(bus: { health(): BusHealth }): void {
    this.bus = bus;
  }

  /** No more is taken. */
  end(): void {
    this.bus = undefined;
    this.reason = 'is stopping';
  }

  check(): Promise<void> {
    if (this.bus === undefined)
      return Promise.reject(new StoreUnavailableError(`the ${this.name} ${this.reason}`));
    const { withoutConsumer, refused = [] } = this.bus.health();
    if (refused.length > 0) return Promise.reject(new StoreUnavailableError(refused.join(' ')));
    if (withoutConsumer.length === 0) return Promise.resolve();
    const queues = withoutConsumer.join(', ');
    return Promise.reject(new StoreUnavailableError(`nobody consumes ${queues}; taken up again by itself`));
  }
}
