/** Routing key of a step or life-cycle event: `<type>.<definition>`. */
export function eventKey(type: string, definition: string): string {
  return `${type}.${definition}`;
}

/** Routing key of what the coordinator asks a participant for: `<type>.<participant>`. */
export function participantKey(type: string, participant: string): string {
  return `${type}.${participant}`;
}

/** Queue of the tracker for a partition. */
export function trackerQueue(partition: number): string {
  return `aura.tracker.${partition}`;
}

/** The one queue of a participant. */
export function participantQueue(participant: string): string {
  return `aura.participant.${participant}`;
}

/** Where participants speak to the coordinator: announcements, confirmations, questions for plans. */
export const COORDINATOR_QUEUE = 'aura.coordinator';

/** Where foreign events that start sagas arrive. */
export const INGRESS_QUEUE = 'aura.ingress';

/** CloudEvents source of a participant: the service, never an instance. */
export function participantSource(participant: string): string {
  return `/aura/${participant}`;
}

/** CloudEvents source of everything the coordinator decides. */
export const COORDINATOR_SOURCE = '/aura/coordinator';
