import type { Log } from '@aura/kernel';
import type { BusHealth, Consumer, EventBus } from '../bus';
import type { OutageWatch } from './failures';

/**
 * A consumer that takes nothing while the broker asks publishers to wait: what it could not publish the outcome of would
 * only pile up unacked. Goes on when the broker does, unless an outage keeps it paused.
 */
export function pausedWhileBlocked(
  consumer: Consumer,
  options: { readonly bus: EventBus; readonly outage: OutageWatch; readonly log: Log },
): Consumer {
  const { bus, outage, log } = options;
  let isPaused = false;
  const act = (doing: Promise<void>): void => {
    doing.catch((error: unknown) =>
      log.warn('the consumer could not follow the broker', { error, queue: consumer.queue }),
    );
  };
  const follow = ({ status }: BusHealth): void => {
    if (status === 'blocked' && !isPaused) {
      isPaused = true;
      act(consumer.pause());
    } else if (status === 'up' && isPaused) {
      isPaused = false;
      if (!outage.isOpen()) act(consumer.resume());
    }
  };
  const ignore = bus.onHealth(follow);
  follow(bus.health());
  return {
    queue: consumer.queue,
    pause: () => consumer.pause(),
    // Who probes an outage meanwhile probes again later.
    resume: (prefetch) => (isPaused ? Promise.resolve() : consumer.resume(prefetch)),
    stop: (graceMs) => {
      ignore();
      return consumer.stop(graceMs);
    },
  };
}
