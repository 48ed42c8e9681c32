import { sagaRerun } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { participantQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import { isCommand } from '@aura/workflow';
import type { PlanStep } from '@aura/workflow';
import { compensating } from './compensating';
import type { RunBeganEntry, StepEndedEntry } from './entry';
import type { RunEntry } from './evolve-run';
import { isLeftBehind } from './left-behind';
import { nodeOf } from './progress';
import { lifeCycle } from './public-face';
import { stepOf, stepRunOf } from './state';
import { endEvent, triggerEvents } from './triggers';
import type { MessagePlace } from './triggers';

/** What an entry about a rerun says to the world. */
export function runMessages(entry: RunEntry, place: MessagePlace): readonly OutboundMessage[] {
  if (entry.kind === 'runBegan') return runBegan(entry, place);
  return entry.plan.length === 0 ? [] : [compensating(place, entry.plan)];
}

/** The world is told, and each step that is run again gets what came before it in earlier runs. */
function runBegan(entry: RunBeganEntry, place: MessagePlace): readonly OutboundMessage[] {
  const { definition, version } = place.compiled.plan;
  const { run, from, again, actor, reason } = entry;
  const data = { definition, version, run, from, again, by: actor.subject, reason };
  return [lifeCycle(place, sagaRerun.type, data), ...again.flatMap((id) => firstTriggers(place, id))];
}

/** The triggers of a step whose ends stand from earlier runs; its start, when it has no dependencies. None for one left behind. */
function firstTriggers(place: MessagePlace, id: string): readonly OutboundMessage[] {
  const step = nodeOf(place.compiled, id);
  if (step.standsFor !== undefined || !isCommand(step) || isLeftBehind(stepOf(place.state, id))) return [];
  return triggerEvents(place, step)
    .filter(({ aurastep = '' }) => !isLeftBehindHere(place, aurastep))
    .map((event) => onlyFor(step, event));
}

/** The end of a step that this run goes on without is told by itself. */
function isLeftBehindHere({ state }: MessagePlace, id: string): boolean {
  return isLeftBehind(stepOf(state, id)) && stepRunOf(state, id) === state.run;
}

/** The end of a step of an earlier run that came late, for those behind it that are run again: an event of their run. */
export function carriedOver(entry: StepEndedEntry, place: MessagePlace): readonly OutboundMessage[] {
  const { compiled, state } = place;
  const { standsFor = entry.step } = nodeOf(compiled, entry.step);
  const origin = nodeOf(compiled, standsFor);
  // Of several ends in one row the one that stands is told.
  if (stepOf(state, origin.id).event?.id !== entry.event.id) return [];
  return origin.dependents.flatMap((id) => {
    if (!isCommand(nodeOf(compiled, id)) || isLeftBehind(stepOf(state, id))) return [];
    const run = stepRunOf(state, id);
    const event = run > stepRunOf(state, origin.id) ? endEvent(place, origin, run) : undefined;
    return event === undefined ? [] : [onlyFor(nodeOf(compiled, id), event)];
  });
}

/** An event for one step alone, past all others that are bound to it. */
export function onlyFor(step: PlanStep, event: CloudEvent): OutboundMessage {
  return {
    event,
    to: [{ kind: 'queue', queue: participantQueue(step.participant) }],
    headers: { targets: [step.id] },
  };
}
