import { transactionBeginRequested } from '@aura/contracts';
import { transactionId } from '@aura/kernel';
import { trackerQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import type { StepBegunEntry } from '../entry';
import { stepOf, stepRunOf } from '../state';
import { requestEvent } from '../triggers';
import type { MessagePlace } from '../triggers';

/** Asks for the transaction of a step that has begun, in the step's own run; nothing for a step of another kind. */
export function transactionBegin(
  { step, builtIn }: StepBegunEntry,
  place: MessagePlace,
): readonly OutboundMessage[] {
  if (builtIn.type !== 'transaction') return [];
  const { saga, partition } = place.state;
  const run = stepRunOf(place.state, step);
  const event = requestEvent(place, {
    type: transactionBeginRequested.type,
    step,
    run,
    epoch: stepOf(place.state, step).epoch,
    data: {
      transaction: transactionId({ saga, run, step }, 1),
      branches: builtIn.branches.map((branch) => ({ ...branch })),
    },
  });
  return [
    {
      event: { ...event, id: `${event.id}/transaction` },
      to: [{ kind: 'queue', queue: trackerQueue(partition), batch: true }],
    },
  ];
}
