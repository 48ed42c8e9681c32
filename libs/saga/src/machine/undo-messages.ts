import { sagaMended, sagaResumed, stepEndRequested, stepUndoRequested } from '@aura/contracts';
import { EVENTS_EXCHANGE, participantKey, trackerQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import { isCommand } from '@aura/workflow';
import { stopRequest } from './built-in/sub-saga-requests';
import { compensating } from './compensating';
import type { MendedEntry, ResumedEntry } from './entry';
import type { UndoEntry } from './evolve-undo';
import { nodeOf } from './progress';
import { lifeCycle } from './public-face';
import { standing } from './give-up';
import { runMessages } from './run-messages';
import { stepOf, stepRunOf } from './state';
import { requestEvent, UNTOLD } from './triggers';
import type { MessagePlace } from './triggers';

/** What an entry about giving up says to the world. */
export function undoMessages(entry: UndoEntry, place: MessagePlace): readonly OutboundMessage[] {
  switch (entry.kind) {
    case 'endAsked':
      return [
        request(place, { ...entry, run: stepRunOf(place.state, entry.step), type: stepEndRequested.type }),
      ];
    case 'undoAsked':
      return [request(place, { ...entry, type: requestOf(place, entry.step) })];
    case 'givenUp':
      return [compensating(place, entry.plan)];
    case 'undoAnswered':
    case 'parentAsked':
      return [];
    case 'mended':
      return [mended(entry, place)];
    case 'resumed':
      return [resumed(entry, place)];
    default:
      return runMessages(entry, place);
  }
}

function mended({ command, actor, reason, steps }: MendedEntry, place: MessagePlace): OutboundMessage {
  const { definition, version } = place.compiled.plan;
  const data = { definition, version, command, by: actor.subject, reason, steps };
  return lifeCycle(place, sagaMended.type, data);
}

function resumed({ status, reason }: ResumedEntry, place: MessagePlace): OutboundMessage {
  const { definition, version } = place.compiled.plan;
  return status === 'compensating'
    ? compensating(place, standing(place.state))
    : lifeCycle(place, sagaResumed.type, { definition, version, reason });
}

/** A pivot is asked how it ended; everything else is undone. */
function requestOf({ compiled }: MessagePlace, step: string): string {
  return nodeOf(compiled, step).undo === undefined ? stepEndRequested.type : stepUndoRequested.type;
}

function request(
  place: MessagePlace,
  asked: { readonly type: string; readonly step: string; readonly run: number; readonly epoch: number },
): OutboundMessage {
  const { state, compiled } = place;
  const error = { ...(state.undoing?.error ?? stepOf(state, asked.step).error ?? UNTOLD) };
  const step = nodeOf(compiled, asked.step);
  if (step.builtIn?.type === 'saga') {
    const mode = asked.type === stepEndRequested.type ? 'ask' : 'undo';
    return stopRequest(place, { step, run: asked.run, epoch: asked.epoch, mode, error });
  }
  const event = requestEvent(place, { ...asked, data: { error } });
  if (!isCommand(step))
    return { event, to: [{ kind: 'queue', queue: trackerQueue(state.partition), batch: true }] };
  const key = participantKey(event.type, step.participant);
  return { event, to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key }] };
}
