import type { CloudEvent } from '@aura/contracts';
import type { Delivery } from '../bus';
import type { Inbox } from '../fast-stores';
import type { Middleware } from './middleware';
import type { Outcome } from './outcome';

/** How long a done delivery is remembered, ms. */
const REMEMBER_MS = 10 * 60_000;

/** Told when the inbox cannot be asked or marked; the delivery goes on without it. */
export type OnInboxLost = (error: unknown) => void;

/**
 * Drops a delivery that is done already. Only a delivery that came before can be done, so a first delivery is not
 * asked for; a replay passes, and a retry aims at what is open. Marked after everything was published: a mark that
 * is lost costs work, never a second effect.
 */
export function inboxMiddleware(inbox: Inbox, onLost: OnInboxLost): Middleware {
  return async (context, next) => {
    const { delivery, event, consumer } = context;
    const key = inboxKey(consumer, event);
    if (isRepeat(delivery) && !passes(event, delivery) && (await isSeen(inbox, key, onLost)))
      return { kind: 'dropped', reason: 'done already' };
    const outcome = await next(context);
    if (isPartial(delivery)) return outcome;
    return marking(outcome, () => void inbox.mark([key], REMEMBER_MS).catch(onLost));
  };
}

function inboxKey(consumer: string, event: CloudEvent): string {
  return `${consumer}|${event.source}|${event.id}|${event.replayid ?? ''}`;
}

function isRepeat(delivery: Delivery): boolean {
  return delivery.redelivered || delivery.returns > 0;
}

function passes(event: CloudEvent, delivery: Delivery): boolean {
  return event.aurareplay !== undefined || isPartial(delivery);
}

/** It is for some reactions alone: that they are done says nothing of the others. */
function isPartial({ headers }: Delivery): boolean {
  return headers.targets !== undefined;
}

async function isSeen(inbox: Inbox, key: string, onLost: OnInboxLost): Promise<boolean> {
  try {
    return (await inbox.seen([key])).has(key);
  } catch (error) {
    onLost(error);
    return false;
  }
}

/** Only a delivery of which nothing is open may be marked. */
function marking(outcome: Outcome, mark: () => void): Outcome {
  if (outcome.kind !== 'done') return outcome;
  const { published } = outcome;
  return {
    ...outcome,
    published: () => {
      published?.();
      mark();
    },
  };
}
