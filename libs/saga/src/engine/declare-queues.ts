import {
  COORDINATOR_QUEUE,
  CRASHED_QUEUE,
  DEAD_LETTERS_QUEUE,
  INGRESS_QUEUE,
  trackerQueue,
} from '@aura/messaging';
import type { EventBus, QueueDeclaration } from '@aura/messaging';

/** Most messages that may wait in the ingress queue before publishers are refused. */
const INGRESS_LENGTH = 50_000;

/** Declares every queue that coordinators read, for this number of partitions. */
export async function declareQueues(bus: EventBus, partitions: number): Promise<void> {
  const work: readonly QueueDeclaration[] = [
    { queue: COORDINATOR_QUEUE, kind: 'work' },
    { queue: DEAD_LETTERS_QUEUE, kind: 'work' },
    { queue: CRASHED_QUEUE, kind: 'crashed' },
    { queue: INGRESS_QUEUE, kind: 'ingress', maxLength: INGRESS_LENGTH },
  ];
  const trackers = Array.from({ length: partitions }, (_, partition): QueueDeclaration => ({
    queue: trackerQueue(partition),
    kind: 'tracker',
  }));
  await Promise.all([...work, ...trackers].map((queue) => bus.declareQueue(queue)));
}
