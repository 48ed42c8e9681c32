import { deadLetterRecorded, stepFailed } from '@aura/contracts';
import type { CloudEvent, ErrorRecord } from '@aura/contracts';
import { stepEventId } from '@aura/kernel';
import type { ViewDefinition, ViewStore, World } from '@aura/kernel';
import {
  COORDINATOR_SOURCE,
  EVENTS_EXCHANGE,
  eventKey,
  leaveNothing,
  participantQueue,
  STEPS_EXCHANGE,
  trackerQueue,
} from '@aura/messaging';
import type { DeliveryContext, OutboundMessage, Outcome } from '@aura/messaging';
import { stepsTriggeredBy } from '@aura/workflow';
import type { CompiledPlan, Plan } from '@aura/workflow';
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
    private readonly world: World,
  ) {}

  /** Keeps a dead letter as it was told, and tells the public face of it, without its payload. */
  async record({ event }: DeliveryContext): Promise<Outcome> {
    const parsed = deadLetterRecorded.data.safeParse(event.data);
    if (!parsed.success) return noLetter(event);
    const letter = parsed.data;
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
    const { delivery } = context;
    const origin = delivery.headers.crashed?.queue ?? 'unknown';
    const returns = delivery.headers.crashed?.returns ?? delivery.returns;
    const message = `the delivery came back to ${origin} ${returns} times without an answer: its consumer dies of it or never settles it`;
    const error = { kind: 'crash', code: 'CONSUMER_CRASHED', message } as const;
    const steps = await this.crashedSteps(context, origin);
    return {
      kind: 'dead',
      error,
      targets: steps.map(({ step }) => step),
      onDead: (deadLetterId, attempts) =>
        Promise.resolve(steps.map((step) => failed(step, { error, deadLetterId, attempts }))),
    };
  }

  /** The steps that failed with a delivery; none when nobody knows whose they were. */
  private async crashedSteps(context: DeliveryContext, queue: string): Promise<readonly CrashedStep[]> {
    const { event, delivery } = context;
    const { auraplan, correlationid: saga } = event;
    const compiled = auraplan === undefined ? undefined : await this.definitions.plan(auraplan);
    if (compiled === undefined || saga === undefined) return [];
    const epoch = delivery.headers.epoch ?? 1;
    const nowMs = this.world.clock.now();
    return targetsOf(compiled, context, queue).map((step) => ({
      plan: compiled.plan,
      trigger: event,
      saga,
      step,
      epoch,
      nowMs,
    }));
  }
}

function noLetter({ type }: CloudEvent): Outcome {
  const message = `an event of type ${type} in the queue of the dead letters is none`;
  const error = { kind: 'technical', code: 'UNDECODABLE', message } as const;
  return { kind: 'dead', error, targets: [], onDead: leaveNothing };
}

/** Steps of the dying consumer that the event was a trigger of; all of them, or those that the delivery was for. */
function targetsOf(
  compiled: CompiledPlan,
  { event, delivery }: DeliveryContext,
  queue: string,
): readonly string[] {
  const meant = delivery.headers.targets;
  return stepsTriggeredBy(compiled, event)
    .filter(({ participant }) => participantQueue(participant) === queue)
    .map(({ id }) => id)
    .filter((id) => meant === undefined || meant.includes(id));
}

interface CrashedStep {
  readonly plan: Plan;
  readonly trigger: CloudEvent;
  readonly saga: string;
  readonly step: string;
  readonly epoch: number;
  /** ms since 1970. */
  readonly nowMs: number;
}

/** What the participant itself could not say: that the step failed. */
function failed(
  { plan, trigger, saga, step, epoch, nowMs }: CrashedStep,
  failure: { readonly error: ErrorRecord; readonly deadLetterId: string; readonly attempts: number },
): OutboundMessage {
  const key = { saga, run: trigger.aurarun ?? 1, step };
  const partition = trigger.aurapartition ?? 0;
  const event: CloudEvent = {
    specversion: '1.0',
    id: stepEventId(key, epoch, stepFailed.type, 'crash'),
    source: COORDINATOR_SOURCE,
    type: stepFailed.type,
    time: new Date(nowMs).toISOString(),
    ...(trigger.subject === undefined ? {} : { subject: trigger.subject }),
    datacontenttype: 'application/json',
    correlationid: key.saga,
    causationid: trigger.id,
    aurastep: step,
    aurarun: key.run,
    auraepoch: epoch,
    auraplan: plan.digest,
    aurapartition: partition,
    data: { ...failure, error: { ...failure.error } },
  };
  return {
    event,
    to: [
      { kind: 'exchange', exchange: STEPS_EXCHANGE, key: eventKey(event.type, plan.definition) },
      { kind: 'queue', queue: trackerQueue(partition), batch: true },
    ],
  };
}
