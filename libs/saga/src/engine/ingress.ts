import type { CloudEvent, JsonValue } from '@aura/contracts';
import { sagaIdOfTrigger } from '@aura/kernel';
import { DONE, leaveNothing, together, traceContextOf } from '@aura/messaging';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import { compileExpression, evaluateMapping } from '@aura/workflow';
import type { CompiledPlan, Expression, PlanTrigger } from '@aura/workflow';
import type { Admission } from './admission';
import type { Definitions } from './definitions';
import { violationText } from './start-refusals';
import { eventView } from './event-view';
import type { Awaited, EventWaits } from './event-waits';
import type { SettledStart, Starter } from './starter';

/** Wait before an event that met a full house is looked at again, ms. */
const FULL_WAIT_MS = 2000;

/** Who acts when an event starts a saga. */
const BY_EVENT = { subject: 'event', roles: [] } as const;

/** Takes foreign events in: they start sagas, one for one event and definition, whatever is delivered twice, or are what sagas wait for. */
export class Ingress {
  private readonly compiled = new Map<string, Expression>();

  constructor(
    private readonly definitions: Definitions,
    private readonly starter: Starter,
    private readonly admission: Admission,
    private readonly waits: EventWaits,
  ) {}

  async handle(context: DeliveryContext): Promise<Outcome> {
    const { span } = context;
    // What is started goes on from what is done with the event.
    const event = span === undefined ? context.event : { ...context.event, ...traceContextOf(span) };
    if (this.admission.refusal() !== undefined)
      return { kind: 'held', reason: 'no new saga is taken now', delayMs: FULL_WAIT_MS };
    const plans = await this.definitions.triggeredBy(event.type);
    const awaited = await this.waits.keysOf(event);
    if (plans.length === 0 && awaited.keys.size === 0)
      return awaited.isKnown ? uncorrelated(event) : untriggered(event);
    const begun = plans.flatMap((compiled) =>
      compiled.plan.triggers
        .filter(({ on }) => on === event.type)
        .map((trigger) => this.begin(compiled, trigger, event)),
    );
    const brought = this.bring({ ...context, event }, awaited.keys, begun.length > 0);
    return together(await Promise.all([...begun, brought]));
  }

  /** An event that started a saga is claimed, whether or not somebody waits for it as well in the end. */
  private async bring(context: DeliveryContext, keys: Awaited['keys'], isClaimed: boolean): Promise<Outcome> {
    if (keys.size === 0) return DONE;
    const outcome = await this.waits.bring(context, keys);
    return outcome.kind === 'dead' && isClaimed ? DONE : outcome;
  }

  private async begin(compiled: CompiledPlan, trigger: PlanTrigger, event: CloudEvent): Promise<Outcome> {
    const { definition } = compiled.plan;
    const view = eventView(event);
    const place = `the trigger on ${trigger.on} of ${definition}`;
    const meant = this.isMeant(trigger, view);
    if (meant === false) return DONE;
    if (meant === undefined)
      return refused(
        'TRIGGER_CONDITION',
        `the condition of ${place} gave no true or false: ${String(trigger.when)}`,
      );
    const key = this.keyOf(trigger, event, view);
    if (key === undefined) return refused('TRIGGER_CORRELATION', `correlate of ${place} gave no text`);
    const input = evaluateMapping(trigger.input, { input: view, outputs: {} }) ?? {};
    const violations = this.starter.violations(compiled, input);
    if (violations.length > 0)
      return refused(
        'INVALID_INPUT',
        `the event does not make a valid input for ${definition}: ${violationText(violations)}`,
      );
    return this.open({ compiled, sagaId: sagaIdOfTrigger(definition, event.source, key), input }, event);
  }

  private isMeant({ when }: PlanTrigger, view: JsonValue): boolean | undefined {
    if (when === undefined) return true;
    const value = this.evaluate(when, view);
    return typeof value === 'boolean' ? value : undefined;
  }

  private keyOf({ correlate }: PlanTrigger, event: CloudEvent, view: JsonValue): string | undefined {
    if (correlate === undefined) return event.id;
    const value = this.evaluate(correlate, view);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  private async open(
    start: Pick<SettledStart, 'compiled' | 'sagaId' | 'input'>,
    { id, source, type, subject, traceparent, tracestate }: CloudEvent,
  ): Promise<Outcome> {
    // Another event of the same correlation finds its saga started: that is what correlating means.
    await this.starter.open({
      ...start,
      actor: BY_EVENT,
      trigger: { id, source, type },
      ...(subject === undefined ? {} : { userId: subject }),
      ...(traceparent === undefined
        ? {}
        : { cause: { traceparent, ...(tracestate === undefined ? {} : { tracestate }) } }),
    });
    return DONE;
  }

  private evaluate(source: string, event: JsonValue): JsonValue | undefined {
    const known = this.compiled.get(source);
    const expression = known ?? this.compile(source);
    const value = expression?.evaluate({ event });
    return value?.ok === true ? value.value : undefined;
  }

  private compile(source: string): Expression | undefined {
    const compiled = compileExpression(source, { roots: ['event'] });
    if (!compiled.ok) return undefined;
    this.compiled.set(source, compiled.value);
    return compiled.value;
  }
}

/** Bound is what triggers and waits name: either its key was not its type, or the definition has just been retired. */
function untriggered({ type }: CloudEvent): Outcome {
  const message = `no active definition has a trigger for ${type}; the routing key of an event is its type`;
  return refused('NO_TRIGGER', message);
}

function uncorrelated({ type }: CloudEvent): Outcome {
  const message = `${type} is waited for, but gives no key: its correlationid names no saga, or what correlates reads is absent or no text`;
  return refused('NO_WAIT_KEY', message);
}

function refused(code: string, message: string): Outcome {
  return { kind: 'dead', error: { kind: 'business', code, message }, targets: [], onDead: leaveNothing };
}
