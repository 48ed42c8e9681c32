import { stepBegun } from '@aura/contracts';
import type { ViewDefinition, ViewRecord } from '@aura/kernel';
import type { OutboundMessage } from '@aura/messaging';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { openStep } from '../machine/built-in/begun';
import { stepOf, stepRunOf } from '../machine/state';
import type { EventRef, SagaState } from '../machine/state';
import type { BookedSaga } from './booked-saga';

/** Fields of a wait for an event: its type and key, which step of which definition waits, and whether it still does (1 or 0). */
export type WaitField = 'type' | 'key' | 'place' | 'saga' | 'partition' | 'isOpen' | 'begunAt';

/** Who waits for which event: found by type and key, derived from the sagas' journals. */
export const WAIT_VIEWS: ViewDefinition<WaitField> = {
  name: 'waits',
  fields: {
    type: 'text',
    key: 'text',
    place: 'text',
    saga: 'text',
    partition: 'integer',
    isOpen: 'integer',
    begunAt: 'integer',
  },
  indexes: [['type', 'key', 'isOpen', 'begunAt'], ['saga']],
};

/** What a wait holds beside its fields. */
export interface WaitBody {
  readonly step: string;
  readonly run: number;
  /** The event that ended it: delivered twice, it is not another one. */
  readonly cause: EventRef | null;
}

/** Which step waits, as the definition's `correlate` belongs to it. */
export function waitPlace(definition: string, step: string): string {
  return `${definition}/${step}`;
}

/** What a saga's newest row says, where that may be published in the commit of that row. */
export function publishedWithRow(booked: BookedSaga): readonly OutboundMessage[] {
  return tellsOfWait(booked) ? [] : booked.unpublished;
}

/**
 * Whether a saga is about to say that it waits for an event. Whoever hears that may send the event at once, and where another
 * saga waits for it too it is not held: the wait has to stand where waits are looked for before that is published.
 */
export function tellsOfWait({ compiled, unpublished }: BookedSaga): boolean {
  if (compiled.eventWaits.length === 0) return false;
  const waits = new Set(compiled.eventWaits.map(({ id }) => id));
  return unpublished.some(({ event }) => event.type === stepBegun.type && waits.has(event.aurastep ?? ''));
}

/** The waits for events of a saga that have begun, those that have ended included: a function of its fold. */
export function waitViews(compiled: CompiledPlan, state: SagaState): readonly ViewRecord<WaitField>[] {
  return compiled.eventWaits.flatMap((step) => waitView(compiled, state, step) ?? []);
}

function waitView(
  { plan }: CompiledPlan,
  state: SagaState,
  { id }: PlanStep,
): ViewRecord<WaitField> | undefined {
  const own = stepOf(state, id);
  if (own.begun?.builtIn.type !== 'wait') return undefined;
  const { at, builtIn } = own.begun;
  const isOpen = openStep(own) !== undefined && mayGoOn(state);
  const body: WaitBody = { step: id, run: stepRunOf(state, id), cause: own.cause ?? null };
  return {
    id: `${state.saga}/${id}`,
    version: state.seq,
    fields: {
      type: builtIn.on ?? null,
      key: builtIn.key ?? null,
      place: waitPlace(plan.definition, id),
      saga: state.saga,
      partition: state.partition,
      isOpen: isOpen ? 1 : 0,
      begunAt: at,
    },
    body: JSON.stringify(body),
  };
}

/** One that is suspended may go on, and then has what came meanwhile. */
function mayGoOn({ status }: SagaState): boolean {
  return status === 'running' || status === 'suspended';
}
