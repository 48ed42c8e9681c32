import type { ViewDefinition, ViewStore, World } from '@aura/kernel';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import { leaveNothing } from '@aura/messaging';

/** How long an event without its saga is held, ms. */
const HOLD_MS = 5 * 60_000;
/** First and longest wait between two looks, ms. */
const FIRST_LOOK_MS = 250;
const LONGEST_LOOK_MS = 10_000;

/** Fields of the list of events whose saga is not known yet. */
export type EarlyField = 'saga' | 'type' | 'heldSince';

/** The visible list of held events. */
export const EARLY_VIEWS: ViewDefinition<EarlyField> = {
  name: 'early_events',
  fields: { saga: 'text', type: 'text', heldSince: 'integer' },
  indexes: [['heldSince'], ['saga']],
};

/** Holds events that came before their saga: looked up again after a while, visible meanwhile, at the end a dead letter. */
export class EarlyEvents {
  constructor(
    private readonly store: ViewStore<EarlyField>,
    private readonly world: World,
  ) {}

  async hold(saga: string, { event }: DeliveryContext): Promise<Outcome> {
    const now = this.world.clock.now();
    const id = idOf(event.source, event.id);
    const reason = `no saga ${saga} is known`;
    const heldSince = Number((await this.store.get(id))?.fields.heldSince ?? now);
    if (now - heldSince > HOLD_MS) {
      await this.store.remove([id]);
      const message = `${reason}, after ${HOLD_MS} ms`;
      const error = { kind: 'technical', code: 'UNCLAIMED_EVENT', message } as const;
      return { kind: 'dead', error, targets: [], onDead: leaveNothing };
    }
    const fields = { saga, type: event.type, heldSince };
    await this.store.put([{ id, version: 1, fields, body: JSON.stringify(event) }]);
    const delayMs = Math.min(Math.max(FIRST_LOOK_MS, now - heldSince), LONGEST_LOOK_MS);
    return { kind: 'held', reason, delayMs };
  }

  /** An event found its saga. */
  async claimed({ event }: DeliveryContext): Promise<void> {
    await this.store.remove([idOf(event.source, event.id)]);
  }
}

function idOf(source: string, id: string): string {
  return `${source} ${id}`;
}
