import type { ClaimCheck, Journal } from '@aura/kernel';
import type {
  Binding,
  BusHealth,
  Consumer,
  EventBus,
  OutboundMessage,
  QueueDeclaration,
  TellingJournal,
  TellingRow,
} from '../bus';
import { claimData } from './claimed-event';
import { mayBeLarge } from './inline-bound';

/**
 * A bus that publishes data over {@link MOST_INLINE_BYTES} by reference: the data is put into the claim check first,
 * by content digest, and the event goes out with `dataref` and without data, whatever the adapter. Everything else
 * passes as it is, without another turn of the event loop. What is consumed is not touched: who needs the data of a
 * claimed event reads it (`withData`).
 */
export function payloadBus(bus: EventBus, claims: ClaimCheck): EventBus {
  return bus instanceof PayloadBus ? bus : new PayloadBus(bus, claims);
}

class PayloadBus implements EventBus {
  constructor(
    private readonly bus: EventBus,
    private readonly claims: ClaimCheck,
  ) {}

  publish(messages: readonly OutboundMessage[]): Promise<void> {
    return hasLarge(messages) ? this.publishClaimed(messages) : this.bus.publish(messages);
  }

  /** A row with large data says nothing by itself: its data must stand in the claim check first. */
  telling(journal: Journal): TellingJournal | undefined {
    const telling = this.bus.telling?.(journal);
    return (
      telling && {
        append: (rows) => telling.append(rows.map(withoutLarge)),
        appendInOrder: (rows) => telling.appendInOrder(rows.map(withoutLarge)),
      }
    );
  }

  /** Data first, then the event: who gets a reference finds what it names. */
  private async publishClaimed(messages: readonly OutboundMessage[]): Promise<void> {
    const claimed = await Promise.all(
      messages.map(async (message) => {
        const event = await claimData(message.event, this.claims);
        return event === message.event ? message : { ...message, event };
      }),
    );
    return this.bus.publish(claimed);
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
    return this.bus.close();
  }
}

function hasLarge(messages: readonly OutboundMessage[]): boolean {
  return messages.some(({ event }) => mayBeLarge(event.data));
}

function withoutLarge(telling: TellingRow): TellingRow {
  return hasLarge(telling.publish) ? { ...telling, publish: [] } : telling;
}
