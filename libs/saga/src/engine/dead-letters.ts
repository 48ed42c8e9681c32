import { deadLetterRecorded, stepFailed } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { stepEventId } from '@aura/kernel';
import type { ViewDefinition, ViewStore } from '@aura/kernel';
import { COORDINATOR_SOURCE, EVENTS_EXCHANGE, participantQueue, trackerQueue } from '@aura/messaging';
import type { DeliveryContext, OutboundMessage, Outcome } from '@aura/messaging';
import { stepsTriggeredBy } from '@aura/workflow';
import type { Definitions } from './definitions';

/** Fields of a dead letter's view. */
export type DeadLetterField = 'saga' | 'consumer' | 'code' | 'recordedAt';

/** The collection of dead letters. */
export const DEAD_LETTER_VIEWS: ViewDefinition<DeadLetterField> = {
  name: 'dead_letters',
  fields: { saga: 'text', consumer: 'text', code: 'text', recordedAt: 'integer' },
  indexes: [['recordedAt'], ['saga'], ['code', 'recordedAt'], ['consumer', 'recordedAt']],
};

/** Records dead letters, and turns deliveries that killed their consumer into dead letters and failed steps. */
export class DeadLetters {
  constructor(
    private readonly store: ViewStore<DeadLetterField>,
    private readonly definitions: Definitions,
  ) {}

  /** Keeps a dead letter as it was told, and tells the public face of it, without its payload. */
  async record({ event }: DeliveryContext): Promise<Outcome> {
    const letter = deadLetterRecorded.data.parse(event.data);
    await this.store.put([
      {
        id: letter.deadLetterId,
        version: 1,
        fields: {
          saga: event.correlationid ?? null,
          consumer: letter.consumer,
          code: letter.error.code,
          recordedAt: Date.parse(letter.recordedAt),
        },
        body: JSON.stringify(letter),
      },
    ]);
    const shown: CloudEvent = { ...event, data: { ...letter, body: '', headers: {} } };
    const key = `${event.type}.${letter.consumer}`;
    return {
      kind: 'done',
      publish: [{ event: shown, to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key }] }],
    };
  }

  /** A delivery came back so often that the broker took it away: its consumer dies of it. */
  async crashed(context: DeliveryContext): Promise<Outcome> {
    const { event, delivery } = context;
    const origin = delivery.headers.crashed?.queue ?? 'unknown';
    const returns = delivery.headers.crashed?.returns ?? delivery.returns;
    const message = `the delivery came back to ${origin} ${returns} times without an answer: its consumer dies of it or never settles it`;
    const error = { kind: 'crash', code: 'CONSUMER_CRASHED', message } as const;
    const targets = await this.targets(event, origin);
    return {
      kind: 'dead',
      error,
      targets,
      onDead: (deadLetterId, attempts) =>
        Promise.resolve(targets.map((step) => failed(event, step, { error, deadLetterId, attempts }))),
    };
  }

  /** Steps of the dying consumer that the event was a trigger of. */
  private async targets(event: CloudEvent, queue: string): Promise<readonly string[]> {
    const compiled = event.auraplan === undefined ? undefined : await this.definitions.plan(event.auraplan);
    if (compiled === undefined) return [];
    return stepsTriggeredBy(compiled, event)
      .filter(({ participant }) => participantQueue(participant) === queue)
      .map(({ id }) => id);
  }
}

function failed(
  trigger: CloudEvent,
  step: string,
  failure: {
    readonly error: { readonly kind: 'crash'; readonly code: string; readonly message: string };
    readonly deadLetterId: string;
    readonly attempts: number;
  },
): OutboundMessage {
  const key = { saga: trigger.correlationid ?? '', run: trigger.aurarun ?? 1, step };
  const event: CloudEvent = {
    specversion: '1.0',
    id: stepEventId(key, 1, stepFailed.type, 'crash'),
    source: COORDINATOR_SOURCE,
    type: stepFailed.type,
    time: trigger.time ?? '1970-01-01T00:00:00Z',
    datacontenttype: 'application/json',
    correlationid: key.saga,
    causationid: trigger.id,
    aurastep: step,
    aurarun: key.run,
    auraepoch: 1,
    ...(trigger.auraplan === undefined ? {} : { auraplan: trigger.auraplan }),
    aurapartition: trigger.aurapartition ?? 0,
    data: { error: { ...failure.error }, attempts: failure.attempts, deadLetterId: failure.deadLetterId },
  };
  return { event, to: [{ kind: 'queue', queue: trackerQueue(trigger.aurapartition ?? 0), batch: true }] };
}
