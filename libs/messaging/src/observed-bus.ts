import { NO_METER } from '@aura/kernel';
import type { Clock, Counter, Histogram, Journal, Meter } from '@aura/kernel';
import type {
  Binding,
  BusHealth,
  Consumer,
  EventBus,
  OutboundMessage,
  QueueDeclaration,
  TellingJournal,
  TellingResult,
  TellingRow,
} from './bus';
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
      this.count(this.done, messages.length, begun);
      spans?.end();
    } catch (error) {
      this.count(this.failed, messages.length, begun);
      spans?.end(error);
      throw error;
    }
  }

  telling(journal: Journal): TellingJournal | undefined {
    const telling = this.bus.telling?.(journal);
    return (
      telling && {
        append: (rows) => this.tell(rows, () => telling.append(rows)),
        appendInOrder: (rows) => this.tell(rows, () => telling.appendInOrder(rows)),
      }
    );
  }

  private async tell(
    rows: readonly TellingRow[],
    append: () => Promise<readonly TellingResult[]>,
  ): Promise<readonly TellingResult[]> {
    const { clock, system } = this.by;
    const spans = rows.map(({ publish }) => publishSpans(publish, system));
    const begun = clock.monotonic();
    try {
      const results = await append();
      this.told(rows, results, begun);
      // A span that is never ended was never there: of what is not told nothing was published.
      spans.forEach((one, n) => results[n] === 'told' && one?.end());
      return results;
    } catch (error) {
      this.count(this.failed, rows.flatMap(({ publish }) => publish).length, begun);
      for (const one of spans) one?.end(error);
      throw error;
    }
  }

  private told(rows: readonly TellingRow[], results: readonly TellingResult[], begun: number): void {
    const events = rows.reduce(
      (sum, { publish }, n) => sum + (results[n] === 'told' ? publish.length : 0),
      0,
    );
    if (events > 0) this.count(this.done, events, begun);
  }

  private count({ confirm, events }: Numbers, published: number, begun: number): void {
    confirm.observe((this.by.clock.monotonic() - begun) / 1000);
    events.add(published);
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
