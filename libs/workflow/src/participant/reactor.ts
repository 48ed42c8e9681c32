import { stepStream } from '@aura/kernel';
import type { StepKey } from '@aura/kernel';
import { DONE, outcomeOfThrown, together } from '@aura/messaging';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import { NOTHING_STANDS } from '../barrier/passage';
import type { Standing } from '../barrier/passage';
import { recordEndNext } from '../barrier/recorded-end';
import type { CompiledPlan } from '../plan/compiled-plan';
import type { PlanStep } from '../plan/plan';
import { isStopEvent } from '../plan/stop-events';
import type { Action } from './action';
import { comesFirst } from './comes-first';
import { conditionOf } from './condition';
import { failureOutcome } from './failure-outcome';
import { judgeJoin } from './join';
import { placeOf } from './place';
import type { Presumptions } from './presumptions';
import type { Place } from './place';
import type { PlanShelf } from './plan-shelf';
import { isUnread, readArrivals } from './read-arrivals';
import { runAction } from './run-action';
import type { ActionPorts } from './run-action';
import { scopeOf } from './scope';
import type { Arrival, Scope } from './scope';
import { endMessages, skippedEvent } from './step-messages';
import { StepJoins } from './step-joins';
import type { Traced } from './step-joins';
import type { StepObserver } from './step-observer';
import type { StepTask } from './step-task';

/** Wait before a delivery with an unknown plan or action comes back, ms. */
const UNKNOWN_WAIT_MS = 500;

/** What the reactor needs of its participant. */
export interface ReactorPorts extends ActionPorts {
  readonly participant: string;
  readonly actions: ReadonlyMap<string, Action>;
  readonly shelf: PlanShelf;
  readonly observer: StepObserver;
  readonly presumptions: Presumptions;
}

/** A step that is reached by its trigger: a task, before the barrier was asked. */
interface Reached {
  readonly compiled: CompiledPlan;
  readonly action: Action;
  readonly verdict: 'run' | 'skip';
  readonly task: Omit<StepTask, 'standing'>;
  readonly context: DeliveryContext;
  readonly arrivals: ReadonlyMap<string, Traced>;
}

/** Reacts to step events as the plan says: joins, conditions, actions. Nobody calls anybody. */
export class Reactor {
  private readonly inHand = new Map<string, Promise<Outcome>>();

  private readonly joins: StepJoins;

  constructor(private readonly ports: ReactorPorts) {
    this.joins = new StepJoins(ports.participant, ports.fast.joins, ports.log);
  }

  /** Handles a delivery of a saga's event. What does not concern this participant is done at once. */
  async react(context: DeliveryContext): Promise<Outcome> {
    const { correlationid: saga, auraplan: digest } = context.event;
    if (saga === undefined || digest === undefined || this.ports.actions.size === 0) return DONE;
    if (context.event.aurastep === undefined && isStopEvent(context.event)) return this.stop(digest, context);
    const compiled = await this.ports.shelf.find(digest);
    if (compiled === undefined) return unknownHere(`plan ${digest}`);
    const place = placeOf(compiled, context.event);
    const mine = place.targets.filter((step) => this.isMeant(step, context));
    return all(
      mine.map((step) => {
        const key = { saga, run: context.event.aurarun ?? 1, step: step.id };
        return this.reactWith(compiled, { step, key, place }, context);
      }),
    );
  }

  /** A plan that is not known here has no joins here. */
  private async stop(digest: string, { event }: DeliveryContext): Promise<Outcome> {
    const compiled = this.ports.shelf.known(digest);
    if (compiled !== undefined) await this.joins.stop(compiled.plan, event);
    return DONE;
  }

  private isMeant({ participant, id }: PlanStep, { delivery }: DeliveryContext): boolean {
    const { targets } = delivery.headers;
    return participant === this.ports.participant && (targets === undefined || targets.includes(id));
  }

  /** One reaction of perhaps several: what it throws is its own outcome. */
  private async reactWith(
    compiled: CompiledPlan,
    { step, key, place }: { readonly step: PlanStep; readonly key: StepKey; readonly place: Place },
    context: DeliveryContext,
  ): Promise<Outcome> {
    const { event, delivery, attempt } = context;
    const action = this.ports.actions.get(step.action);
    if (action === undefined) return unknownHere(`action ${step.action}`, [step.id]);
    try {
      const arrivals = await this.joins.arrive(step, key, place, event);
      const verdict = step.dependencies.length === 0 ? 'run' : judgeJoin(step, arrivals);
      if (verdict === 'wait') return DONE;
      const epoch = delivery.headers.epoch ?? 1;
      const { plan } = compiled;
      const task = { plan, step, key, epoch, attempt, trigger: event, scope: scopeOf(arrivals) };
      const reached = { compiled, action, verdict, task, context, arrivals };
      return await (isUnread(arrivals) ? this.onceRead(reached, arrivals) : this.once(reached));
    } catch (error) {
      return outcomeOfThrown(error, [step.id]);
    }
  }

  /** What travelled by reference is read when the step is reached; a payload that is missing is the step's failure. */
  private async onceRead(reached: Reached, arrivals: ReadonlyMap<string, Arrival>): Promise<Outcome> {
    let scope: Scope;
    try {
      scope = scopeOf(await readArrivals(arrivals, this.ports.claims));
    } catch (error) {
      return failureOutcome(this.ports, { ...reached.task, standing: NOTHING_STANDS }, error);
    }
    return this.once({ ...reached, task: { ...reached.task, scope } });
  }

  /** A step that is in hand in this process is not begun again beside itself; both deliveries get its outcome. */
  private once(reached: Reached): Promise<Outcome> {
    const { key, epoch } = reached.task;
    const name = `${stepStream(key)}/${epoch}`;
    const standing = this.inHand.get(name);
    if (standing !== undefined) return standing;
    const outcome = this.observed(reached).finally(() => this.inHand.delete(name));
    this.inHand.set(name, outcome);
    return outcome;
  }

  private async observed(reached: Reached): Promise<Outcome> {
    const { observer, world } = this.ports;
    const begun = world.clock.monotonic();
    const span = observer.spanOf(reached);
    const task = span === undefined ? reached.task : { ...reached.task, span };
    try {
      const outcome = await this.perform(span === undefined ? reached : { ...reached, task });
      observer.ended(task, outcome.kind, begun);
      return outcome;
    } catch (error) {
      observer.broken(task, error, begun);
      throw error;
    }
  }

  /** The barrier is asked before any rule is evaluated: what stands goes on, whatever this trigger brings. */
  private async perform(reached: Reached, mayPresume = true): Promise<Outcome> {
    const { step } = reached.task;
    const standing = step.recordsEnd ? await this.standing(reached, mayPresume) : NOTHING_STANDS;
    const task: StepTask = { ...reached.task, standing };
    return standing.rows.length > 0
      ? runAction(this.ports, task, reached.action)
      : this.evaluate(reached, task);
  }

  /** What nothing stands of. Where that was presumed, it is asked for before an answer that cannot be given is a failure. */
  private async evaluate(reached: Reached, task: StepTask): Promise<Outcome> {
    const { compiled, action, verdict } = reached;
    if (verdict === 'skip') return this.skip(reached, task, 'a step it depends on was skipped');
    const met = conditionOf(compiled, task);
    if (!met.ok)
      return task.standing.presumedAs === undefined
        ? failureOutcome(this.ports, task, met.error)
        : this.perform(reached, false);
    if (met.value) return runAction(this.ports, task, action);
    return this.skip(reached, task, ['its condition is false', task.step.when].join(': '));
  }

  private async skip(reached: Reached, task: StepTask, reason: string): Promise<Outcome> {
    const nowMs = this.ports.world.clock.now();
    const events = [skippedEvent(task, reason, nowMs)];
    const publish = endMessages(task, events);
    const at = { nowMs, rows: task.standing.rows, publish };
    const end = task.step.recordsEnd
      ? await recordEndNext(this.ports.telling, task.key, { events }, at)
      : { events };
    // Another trigger was first, perhaps with a claim: a skip must not end what has begun to take effect.
    if (end === undefined) return this.perform(reached, false);
    return { kind: 'done', publish: end.isTold === true ? [] : publish };
  }

  /**
   * For a stateful step whose trigger comes for the first time its first row asks: until that stands, it has no effect. Other
   * actions would read or compute in vain where something does.
   */
  private standing({ action, task, context }: Reached, mayPresume: boolean): Promise<Standing> | Standing {
    const { barrier, presumptions } = this.ports;
    if (!mayPresume || action.kind !== 'stateful' || !comesFirst(context, task)) return barrier.ask(task.key);
    return barrier.presumeNothing(presumptions.next());
  }
}

/** One outcome of all reactions; of one alone, its own. */
function all(reactions: readonly Promise<Outcome>[]): Promise<Outcome> {
  const [only] = reactions;
  return only !== undefined && reactions.length === 1 ? only : Promise.all(reactions).then(together);
}

/** The outcome of a delivery that wants something that this participant does not know yet. */
export function unknownHere(what: string, targets?: readonly string[]): Outcome {
  return {
    kind: 'held',
    reason: `${what} is not known here yet`,
    delayMs: UNKNOWN_WAIT_MS,
    ...(targets === undefined ? {} : { targets }),
  };
}
