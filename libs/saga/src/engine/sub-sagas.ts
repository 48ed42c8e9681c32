import { subSagaStartRequested, subSagaStopRequested } from '@aura/contracts';
import type { CloudEvent, ErrorRecord, EventData, EventDefinition } from '@aura/contracts';
import { sagaIdOfChild, sagaStream, TerminalError } from '@aura/kernel';
import { DONE, together, withData } from '@aura/messaging';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import type { CompiledPlan } from '@aura/workflow';
import { cancelledError } from '../machine/saga-errors';
import { toldEnd } from '../machine/parent';
import { present } from '../machine/present';
import type { SagaBook } from './book';
import type { Definitions } from './definitions';
import type { CoordinatorPorts } from './ports';
import { violationText } from './start-refusals';
import type { SettledStart, Starter } from './starter';
import type { Tracker } from './tracker';

/** Wait before a request whose plan is not known here is looked at again, ms. */
const UNKNOWN_PLAN_WAIT_MS = 5000;

/** What sub-sagas are opened with. */
export interface SubSagaParts {
  readonly definitions: Pick<Definitions, 'plan'>;
  readonly book: SagaBook;
  readonly starter: Pick<Starter, 'violations' | 'open' | 'refuse'>;
  readonly tracker: Pick<Tracker, 'track'>;
}

type StartData = EventData<typeof subSagaStartRequested>;
type Opening = Pick<StartData, 'parent' | 'digest' | 'actor' | 'userId'>;

/**
 * Opens sub-sagas as their parents ask for it, in the parents' partitions, each once, and never refused for want of room:
 * what is begun has room to end. One that is to stop before it began is opened as cancelled, so that it never begins.
 */
export class SubSagas {
  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly parts: SubSagaParts,
  ) {}

  /** Whether a delivery of a tracker's queue opens a sub-saga, or may have to. */
  static isAbout({ type }: CloudEvent): boolean {
    return type === subSagaStartRequested.type || type === subSagaStopRequested.type;
  }

  /** Handles a delivery that {@link isAbout} names. */
  async track(context: DeliveryContext): Promise<Outcome> {
    const event = await withData(context.event, this.ports.claims);
    return event.type === subSagaStartRequested.type
      ? this.start({ ...context, event }, read(subSagaStartRequested, event))
      : this.stop({ ...context, event }, read(subSagaStopRequested, event));
  }

  private async start(context: DeliveryContext, data: StartData): Promise<Outcome> {
    const id = childOf(data);
    if (await this.isThere(id)) return this.standing(context, id);
    const compiled = await this.parts.definitions.plan(data.digest);
    if (compiled === undefined) return unknownPlan(data);
    const { input } = data;
    const start: SettledStart = { ...startOf(compiled, context.event, data), input };
    const errors = this.parts.starter.violations(compiled, input);
    if (errors.length > 0) {
      const error = invalidInput(id, violationText(errors));
      await this.parts.starter.refuse(start, { kind: 'ended', status: 'failed', error });
      return DONE;
    }
    // Whoever came first has opened it; how, is for its own journal to say.
    await this.parts.starter.open(start);
    return DONE;
  }

  private async stop(
    context: DeliveryContext,
    data: EventData<typeof subSagaStopRequested>,
  ): Promise<Outcome> {
    const id = childOf(data);
    if (!(await this.isThere(id))) {
      const compiled = await this.parts.definitions.plan(data.digest);
      if (compiled === undefined) return unknownPlan(data);
      const actor = { subject: `saga ${data.parent.saga}`, roles: [] };
      const { message: reason } = cancelledError(actor.subject, data.error.message);
      const start: SettledStart = { ...startOf(compiled, context.event, data), input: null };
      await this.parts.starter.refuse(start, { kind: 'ended', status: 'cancelled', actor, reason });
    }
    return this.parts.tracker.track(context);
  }

  private async isThere(id: string): Promise<boolean> {
    return (await this.ports.journal.head(sagaStream(id))) > 0;
  }

  /** Nothing was heard of it, or the request came twice: it says once more how it ended, if it has. */
  private async standing(context: DeliveryContext, id: string): Promise<Outcome> {
    // Its first row may stand although the answer of its append was lost: what is unpublished goes out with this delivery.
    const tracked = await this.parts.tracker.track(context);
    const booked = (await this.parts.book.open([id])).get(id);
    const told = booked && toldEnd(booked.state);
    return told === undefined ? tracked : together([tracked, { kind: 'done', publish: [told] }]);
  }
}

function childOf({ parent }: Opening): string {
  return sagaIdOfChild(parent, parent.iteration);
}

function startOf(
  compiled: CompiledPlan,
  { aurapartition, traceparent, tracestate }: CloudEvent,
  opening: Opening,
): Omit<SettledStart, 'input'> {
  const { parent, actor, userId } = opening;
  return {
    compiled,
    sagaId: childOf(opening),
    actor,
    family: { parent, partition: aurapartition ?? 0 },
    cause: present({ traceparent, tracestate }),
    ...present({ userId }),
  };
}

function unknownPlan({ digest }: Opening): Outcome {
  return { kind: 'held', reason: `the plan ${digest} is not known here`, delayMs: UNKNOWN_PLAN_WAIT_MS };
}

function invalidInput(id: string, why: string): ErrorRecord {
  return {
    kind: 'technical',
    code: 'INVALID_INPUT',
    message: `the input of sub-saga ${id} does not fit: ${why}`,
    help: 'Mend the mapping of the step that starts it, or what it reads.',
  };
}

function read<E extends EventDefinition>(definition: E, event: CloudEvent): EventData<E> {
  const parsed = definition.data.safeParse(event.data);
  if (parsed.success) return parsed.data as EventData<E>;
  throw new TerminalError(
    `the data of ${event.type} ${event.id} is not what it should be: ${parsed.error.message}`,
    { code: 'INVALID_EVENT_DATA', help: 'Let all coordinators run the same version of Aura.' },
  );
}
