import { NO_METER } from '@aura/kernel';
import type { Clock, Counter, Histogram, Meter } from '@aura/kernel';
import type { Binding, BusHealth, Consumer, EventBus, OutboundMessage, QueueDeclaration } from './bus';
import { publishSpans } from './tracing/publish-spans';

/** Who looks on. */
export interface BusObservation {
  /** What the bus runs on, as OpenTelemetry names messaging systems: `rabbitmq`, `aura`. */
  readonly system: string;
  readonly clock: Clock;
  /** Default: nobody counts. */
  readonly meter?: Meter;
}

interface Numbers {
  readonly confirm: Histogram;
  readonly events: Counter;
}

/** A bus whose publishing is seen: spans for recorded traces, the time until the confirm, how the bus stands. */
export class ObservedBus implements EventBus {
  private readonly done: Numbers;
  private readonly failed: Numbers;
  private readonly stopReading: () => void;

  constructor(
    private readonly bus: EventBus,
    private readonly by: BusObservation,
  ) {
    const meter = by.meter ?? NO_METER;
    this.done = numbers(meter, 'ok');
    this.failed = numbers(meter, 'error');
    this.stopReading = meter.gauge('aura_bus_up', {}, () => (bus.health().status === 'up' ? 1 : 0));
  }

  async publish(messages: readonly OutboundMessage[]): Promise<void> {
    const { clock, system } = this.by;
    const spans = publishSpans(messages, system);
    const begun = clock.monotonic();
    try {
      await this.bus.publish(messages);
      this.count(this.done, messages, begun);
      spans?.end();
    } catch (error) {
      this.count(this.failed, messages, begun);
      spans?.end(error);
      throw error;
    }
  }

  private count({ confirm, events }: Numbers, messages: readonly OutboundMessage[], begun: number): void {
    confirm.observe((this.by.clock.monotonic() - begun) / 1000);
    events.add(messages.length);
  }

  declareQueue(declaration: QueueDeclaration): Promise<void> {
    return this.bus.declareQueue(declaration);
  }

  bind(bindings: readonly Binding[]): Promise<void> {
    return this.bus.bind(bindings);
  }

  unbind(bindings: readonly Binding[]): Promise<void> {
    return this.bus.unbind(bindings);
  }

  consume(request: Parameters<EventBus['consume']>[0]): Promise<Consumer> {
    return this.bus.consume(request);
  }

  depth(queue: string): Promise<number> {
    return this.bus.depth(queue);
  }

  health(): BusHealth {
    return this.bus.health();
  }

  onHealth(listener: (health: BusHealth) => void): () => void {
    return this.bus.onHealth(listener);
  }

  close(): Promise<void> {
    this.stopReading();
    return this.bus.close();
  }
}

function numbers(meter: Meter, outcome: 'ok' | 'error'): Numbers {
  return {
    confirm: meter.histogram('aura_publish_confirm_seconds', { outcome }),
    events: meter.counter('aura_published_events_total', { outcome }),
  };
}
