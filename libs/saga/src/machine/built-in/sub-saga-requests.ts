import { subSagaStartRequested, subSagaStopRequested } from '@aura/contracts';
import type { ErrorRecord, JsonValue, ParentRef } from '@aura/contracts';
import { sagaIdOfChild } from '@aura/kernel';
import { trackerQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import type { PlanStep } from '@aura/workflow';
import { nodeOf } from '../progress';
import { stepOf, stepRunOf } from '../state';
import { requestEvent } from '../triggers';
import type { MessagePlace } from '../triggers';
import type { SagaStepState } from './built-in-state';
import { sagaStepOf } from './saga-step';

/** Has a sub-saga begin, or asks one that has begun how it stands: `asked` counts these requests. */
export function startRequest(
  place: MessagePlace,
  id: string,
  { iteration, input }: SagaStepState,
  asked: number,
): OutboundMessage {
  const step = nodeOf(place.compiled, id);
  const parent = { saga: place.state.saga, run: stepRunOf(place.state, id), step: id, iteration };
  const data = { ...opening(place, step, parent), input };
  return toChild(place, parent, {
    type: subSagaStartRequested.type,
    data,
    suffix: `start/${iteration}/${asked}`,
  });
}

/** What a step's sub-sagas are asked for once their parent goes on without them. */
export interface Stopping {
  readonly step: PlanStep;
  readonly run: number;
  /** `ask`: whether it completed is asked first. */
  readonly mode: 'undo' | 'ask';
  readonly epoch: number;
  readonly error: ErrorRecord;
}

/** Stops the newest sub-saga of a step, which passes it on to those before. What is repeated is undone as a whole. */
export function stopRequest(
  place: MessagePlace,
  { step, run, mode, epoch, error }: Stopping,
): OutboundMessage {
  const { begun } = stepOf(place.state, step.id);
  const iteration = begun?.builtIn.type === 'saga' ? begun.builtIn.iteration : 1;
  const parent = { saga: place.state.saga, run, step: step.id, iteration };
  const isRepeated = sagaStepOf(step).repeat !== undefined;
  const data = {
    ...opening(place, step, parent),
    mode: isRepeated ? 'undo' : mode,
    epoch,
    undone: false,
    error: { ...error },
  };
  return toChild(place, parent, { type: subSagaStopRequested.type, data, suffix: `stop/${epoch}` });
}

/** What whoever comes first opens the sub-saga's journal with. */
function opening(
  { state }: MessagePlace,
  step: PlanStep,
  parent: ParentRef,
): Readonly<Record<string, JsonValue>> {
  const { actor, userId } = state;
  return {
    parent: { ...parent },
    digest: sagaStepOf(step).digest,
    actor: { subject: actor.subject, roles: [...actor.roles] },
    ...(userId === undefined ? {} : { userId }),
  };
}

function toChild(
  place: MessagePlace,
  { saga, run, step, iteration }: ParentRef,
  { type, data, suffix }: { readonly type: string; readonly data: JsonValue; readonly suffix: string },
): OutboundMessage {
  const event = requestEvent(place, { type, step, run, epoch: stepOf(place.state, step).epoch, data });
  return {
    event: {
      ...event,
      id: `${event.id}/${step}/${suffix}`,
      correlationid: sagaIdOfChild({ saga, run, step }, iteration),
    },
    to: [{ kind: 'queue', queue: trackerQueue(place.state.partition), batch: true }],
  };
}
