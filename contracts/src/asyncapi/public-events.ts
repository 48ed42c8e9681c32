import { definitionActivated, definitionExpired, definitionRetired } from '../events/definition-events';
import type { EventDefinition } from '../events/define-event';
import { livenessOverdue } from '../events/liveness-events';
import * as domainEvents from '../events/domain-events';
import { consumerPaused, consumerResumed, deadLetterRecorded } from '../events/participant-events';
import { participantAnnounced, participantLeft } from '../events/participant-events';
import {
  sagaCancelled,
  sagaCompensated,
  sagaCompensating,
  sagaCompensationFailed,
  sagaCompleted,
  sagaFailed,
  sagaMended,
  sagaRerun,
  sagaResumed,
  sagaStarted,
  sagaStepRetried,
  sagaSuspended,
} from '../events/saga-events';
import { stepContinued, stepFailed, stepSkipped } from '../events/step-events';
import * as wardrobeEvents from '../events/wardrobe-events';
import {
  transactionAborted,
  transactionCommitted,
  transactionInDoubt,
  transactionSettledByHand,
  transactionUnknown,
} from '../events/transaction-events';

/** What stands behind the type in the key of an event: whose it is. */
export type KeyPart = 'definition' | 'participant' | 'consumer' | 'kind';

/** An event that anybody may subscribe to on `aura.events`. */
export interface PublicEvent {
  readonly event: EventDefinition;
  readonly keyPart: KeyPart;
}

function by(keyPart: KeyPart, events: readonly EventDefinition[]): readonly PublicEvent[] {
  return events.map((event) => ({ event, keyPart }));
}

/** Every event of Aura that is for everybody; what is not here is between Aura's own processes. */
export const publicEvents: readonly PublicEvent[] = [
  ...by('definition', [
    sagaStarted,
    sagaCompleted,
    sagaFailed,
    sagaCompensating,
    sagaCompensated,
    sagaCompensationFailed,
    sagaCancelled,
    sagaSuspended,
    sagaMended,
    sagaResumed,
    sagaRerun,
    sagaStepRetried,
    ...Object.values(domainEvents),
    ...Object.values(wardrobeEvents),
    stepSkipped,
    stepContinued,
    stepFailed,
    transactionCommitted,
    transactionAborted,
    transactionInDoubt,
    transactionSettledByHand,
    transactionUnknown,
    definitionActivated,
    definitionExpired,
    definitionRetired,
  ]),
  ...by('participant', [participantAnnounced, participantLeft, consumerPaused, consumerResumed]),
  ...by('consumer', [deadLetterRecorded]),
  ...by('kind', [livenessOverdue]),
];
