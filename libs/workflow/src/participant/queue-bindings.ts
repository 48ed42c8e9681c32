import { EVENTS_EXCHANGE } from '@aura/messaging';
import type { Binding, EventBus } from '@aura/messaging';
import { planBindings } from '../plan/bindings';
import type { PlanBinding } from '../plan/bindings';
import type { Plan } from '../plan/plan';
import { stopBindings } from '../plan/stop-events';
import type { Subscription } from './action';
import type { PlanShelf } from './plan-shelf';

/** What a participant's queue is bound by. */
export interface BindingParts {
  readonly bus: EventBus;
  readonly participant: string;
  readonly queue: string;
  readonly subscriptions: readonly Subscription[];
  readonly shelf: PlanShelf;
}

/** The bindings of a participant's queue: those of its plans, and of its subscriptions. */
export class QueueBindings {
  constructor(private readonly parts: BindingParts) {}

  /** Binds what the plan needs here. */
  async bindPlan(plan: Plan): Promise<void> {
    await this.parts.bus.bind(this.toQueue(this.bindingsOf(plan)));
  }

  /** Binds what every kept plan needs, and what is subscribed to. */
  async bindAll(): Promise<void> {
    for (const { plan } of this.parts.shelf.all()) await this.bindPlan(plan);
    await this.parts.bus.bind(this.toQueue(this.subscribed()));
  }

  /**
   * Forgets a plan and unbinds what nothing else here needs. What another instance keeps meanwhile, and needs the same,
   * gets it back: a plan is kept before it is bound.
   */
  async dropPlan(plan: Plan): Promise<void> {
    const { bus, shelf } = this.parts;
    await shelf.drop(plan.digest);
    const needed = await this.needed();
    const unneeded = this.bindingsOf(plan).filter((binding) => !needed.has(nameOf(binding)));
    if (unneeded.length === 0) return;
    await bus.unbind(this.toQueue(unneeded));
    const wanted = await this.needed();
    const again = unneeded.filter((binding) => wanted.has(nameOf(binding)));
    if (again.length > 0) await bus.bind(this.toQueue(again));
  }

  private bindingsOf(plan: Plan): readonly PlanBinding[] {
    const { participant } = this.parts;
    return [...planBindings(plan, participant), ...stopBindings(plan, participant)];
  }

  private async needed(): Promise<ReadonlySet<string>> {
    const plans = await this.parts.shelf.kept();
    const bindings = plans.flatMap(({ plan }) => this.bindingsOf(plan));
    return new Set([...bindings, ...this.subscribed()].map(nameOf));
  }

  /** A type is seen as it is (foreign events) and with a definition behind it (step events). */
  private subscribed(): readonly PlanBinding[] {
    const keys = this.parts.subscriptions.flatMap(({ on }) => [on, `${on}.*`]);
    return keys.map((key) => ({ exchange: EVENTS_EXCHANGE, key }));
  }

  private toQueue(bindings: readonly PlanBinding[]): readonly Binding[] {
    return bindings.map((binding) => ({ kind: 'queue', queue: this.parts.queue, ...binding }));
  }
}

function nameOf({ exchange, key }: PlanBinding): string {
  return `${exchange} ${key}`;
}
