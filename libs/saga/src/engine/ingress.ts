import type { CloudEvent, JsonValue } from '@aura/contracts';
import { sagaIdOfTrigger } from '@aura/kernel';
import { DONE, leaveNothing } from '@aura/messaging';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import { compileExpression, evaluateMapping } from '@aura/workflow';
import type { CompiledPlan, Expression, PlanTrigger } from '@aura/workflow';
import type { Admission } from './admission';
import type { Definitions } from './definitions';
import type { Starter } from './starter';

/** Wait before an event that met a full house is looked at again, ms. */
const FULL_WAIT_MS = 2000;

/** Who acts when an event starts a saga. */
const BY_EVENT = { subject: 'event', roles: [] } as const;

/** Starts sagas on foreign events: one saga for one event and definition, whatever is delivered twice. */
export class Ingress {
  private readonly compiled = new Map<string, Expression>();

  constructor(
    private readonly definitions: Definitions,
    private readonly starter: Starter,
    private readonly admission: Admission,
  ) {}

  async handle({ event }: DeliveryContext): Promise<Outcome> {
    if (this.admission.refusal() !== undefined)
      return { kind: 'held', reason: 'no new saga is taken now', delayMs: FULL_WAIT_MS };
    const plans = await this.definitions.triggeredBy(event.type);
    const outcomes: Outcome[] = [];
    for (const plan of plans)
      for (const trigger of plan.plan.triggers)
        if (trigger.on === event.type) outcomes.push(await this.begin(plan, trigger, event));
    if (plans.length === 0)
      return { kind: 'dropped', reason: `no active definition has a trigger for ${event.type}` };
    return outcomes.length === 1 && outcomes[0] !== undefined ? outcomes[0] : { kind: 'many', outcomes };
  }

  private async begin(compiled: CompiledPlan, trigger: PlanTrigger, event: CloudEvent): Promise<Outcome> {
    const { definition } = compiled.plan;
    const view = eventView(event);
    const meant = trigger.when === undefined ? true : this.evaluate(trigger.when, view);
    if (meant === false) return DONE;
    if (meant !== true)
      return refused(
        'TRIGGER_CONDITION',
        `the condition of the trigger on ${trigger.on} of ${definition} gave no true or false: ${trigger.when ?? ''}`,
      );
    const key = trigger.correlate === undefined ? event.id : this.evaluate(trigger.correlate, view);
    if (typeof key !== 'string' || key === '')
      return refused(
        'TRIGGER_CORRELATION',
        `correlate of the trigger on ${trigger.on} of ${definition} gave no text`,
      );
    const input = evaluateMapping(trigger.input, { input: view, outputs: {} }) ?? {};
    const violations = this.starter.violations(compiled, input);
    if (violations.length > 0)
      return refused(
        'INVALID_INPUT',
        `the event does not make a valid input for ${definition}: ${violations.map(({ path, message }) => `${path || 'input'} ${message}`).join('; ')}`,
      );
    const { id, source, type, subject, traceparent } = event;
    const started = await this.starter.open({
      compiled,
      sagaId: sagaIdOfTrigger(definition, source, key),
      input,
      actor: BY_EVENT,
      trigger: { id, source, type },
      ...(subject === undefined ? {} : { userId: subject }),
      ...(traceparent === undefined ? {} : { traceparent }),
    });
    // Another event of the same correlation finds its saga started: that is what correlating means.
    return started.ok || started.error.code === 'KEY_REUSED'
      ? DONE
      : { kind: 'held', reason: started.error.message, delayMs: FULL_WAIT_MS };
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

function refused(code: string, message: string): Outcome {
  return { kind: 'dead', error: { kind: 'business', code, message }, targets: [], onDead: leaveNothing };
}

/** What conditions and mappings of a trigger see of an event. */
function eventView(event: CloudEvent): JsonValue {
  const { id, source, type, subject, time, data } = event;
  return {
    id,
    source,
    type,
    ...(subject === undefined ? {} : { subject }),
    ...(time === undefined ? {} : { time }),
    ...(data === undefined || data instanceof Uint8Array ? {} : { data }),
  };
}
