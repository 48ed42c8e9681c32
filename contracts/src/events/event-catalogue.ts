import type { EventDefinition } from './define-event';
import * as definitionEvents from './definition-events';
import * as domainEvents from './domain-events';
import * as participantEvents from './participant-events';
import * as sagaEvents from './saga-events';
import * as stepEvents from './step-events';
import * as wardrobeEvents from './wardrobe-events';

const definitions: readonly EventDefinition[] = [
  sagaEvents.sagaStarted,
  sagaEvents.sagaCompleted,
  sagaEvents.sagaFailed,
  sagaEvents.sagaCompensated,
  sagaEvents.sagaCancelled,
  sagaEvents.sagaSuspended,
  sagaEvents.sagaCompensating,
  sagaEvents.sagaCompensationFailed,
  sagaEvents.sagaResumed,
  sagaEvents.sagaMended,
  sagaEvents.sagaRerun,
  sagaEvents.sagaStepRetried,
  sagaEvents.sagaTimerDue,
  stepEvents.stepSkipped,
  stepEvents.stepContinued,
  stepEvents.stepFailed,
  stepEvents.stepFallbackRequested,
  stepEvents.stepUndoRequested,
  stepEvents.stepEndRequested,
  stepEvents.stepUndone,
  stepEvents.stepNothingToUndo,
  stepEvents.stepUndoFailed,
  participantEvents.participantAnnounced,
  participantEvents.participantLeft,
  participantEvents.consumerPaused,
  participantEvents.consumerResumed,
  participantEvents.deadLetterRecorded,
  definitionEvents.definitionPublished,
  definitionEvents.definitionBound,
  definitionEvents.definitionActivated,
  definitionEvents.definitionExpired,
  definitionEvents.definitionRetired,
  definitionEvents.definitionReleased,
  definitionEvents.definitionUnbound,
  definitionEvents.planRequested,
  definitionEvents.planProvided,
  domainEvents.imageAnalysed,
  domainEvents.queryUnderstood,
  domainEvents.styleProfiled,
  domainEvents.outfitsCombined,
  domainEvents.recommendationsMade,
  wardrobeEvents.lookPriced,
  wardrobeEvents.accountFunded,
  wardrobeEvents.budgetHeld,
  wardrobeEvents.budgetReleased,
  wardrobeEvents.budgetCaptured,
  wardrobeEvents.stockReceived,
  wardrobeEvents.stockHeld,
  wardrobeEvents.stockReleased,
  wardrobeEvents.stockSold,
  wardrobeEvents.outfitSaved,
  wardrobeEvents.outfitRemoved,
];

/** Every CloudEvent type of Aura with its definition. */
export const eventCatalogue: ReadonlyMap<string, EventDefinition> = new Map(
  definitions.map((definition) => [definition.type, definition]),
);
