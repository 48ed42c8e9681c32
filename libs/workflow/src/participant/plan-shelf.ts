import { planRequested } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import type { Log, ViewStore, ViewStores, World } from '@aura/kernel';
import { COORDINATOR_QUEUE, participantQueue, participantSource } from '@aura/messaging';
import type { EventBus } from '@aura/messaging';
import { compilePlan } from '../plan/compiled-plan';
import type { CompiledPlan } from '../plan/compiled-plan';
import { parsePlan } from '../plan/parse-plan';

/** Wait before the same unknown plan is asked for again, ms. */
const ASK_AGAIN_MS = 1000;

/** Plans read at once. */
const PAGE = 200;

const PLANS = { name: 'plans', fields: { definition: 'text' }, indexes: [['definition']] } as const;

/** What a shelf stands on. */
export interface ShelfPorts {
  readonly participant: string;
  readonly bus: EventBus;
  readonly world: World;
  readonly views: ViewStores;
  readonly log: Log;
}

/** The plans that a participant knows: in memory, behind that in its own store, behind that at the coordinator. */
export class PlanShelf {
  private readonly plans = new Map<string, CompiledPlan>();
  private readonly asked = new Map<string, number>();

  private constructor(
    private readonly ports: ShelfPorts,
    private readonly store: ViewStore<'definition'>,
  ) {}

  /** Opens the shelf with everything that the store kept. */
  static async open(ports: ShelfPorts): Promise<PlanShelf> {
    const shelf = new PlanShelf(ports, await ports.views.open(PLANS));
    await shelf.loadAll();
    return shelf;
  }

  /** Every plan in memory. */
  all(): readonly CompiledPlan[] {
    return [...this.plans.values()];
  }

  /** Name of the definition that a digest belongs to, when its plan is in memory. */
  definitionOf(digest: string): string | undefined {
    return this.plans.get(digest)?.plan.definition;
  }

  /** The plan of a digest, when it is in memory. */
  known(digest: string): CompiledPlan | undefined {
    return this.plans.get(digest);
  }

  /** The plan of a digest; asks the coordinator for an unknown one, which then comes as an event. */
  async find(digest: string): Promise<CompiledPlan | undefined> {
    const known = this.plans.get(digest);
    if (known !== undefined) return known;
    const kept = await this.store.get(digest);
    if (kept !== undefined) return this.remember(kept.body);
    await this.ask(digest);
    return undefined;
  }

  /** Keeps a plan durably. Errors: `TerminalError` when the text is no plan or its digest is wrong. */
  async keep(text: string): Promise<CompiledPlan> {
    const compiled = this.remember(text);
    const { digest, definition } = compiled.plan;
    await this.store.put([{ id: digest, version: 1, fields: { definition }, body: text }]);
    this.asked.delete(digest);
    return compiled;
  }

  /** Forgets a plan for good; who is asked for it again fetches it from the coordinator. */
  async drop(digest: string): Promise<void> {
    await this.store.remove([digest]);
    this.plans.delete(digest);
  }

  /** What the store keeps now, whichever instance of the participant kept it. */
  async kept(): Promise<readonly CompiledPlan[]> {
    const digests = await this.loadAll();
    return digests.flatMap((digest) => this.plans.get(digest) ?? []);
  }

  private remember(text: string): CompiledPlan {
    const compiled = compilePlan(parsePlan(text));
    this.plans.set(compiled.plan.digest, compiled);
    return compiled;
  }

  /** One plan that this version cannot read must not keep the participant, and all its other plans, from starting. */
  private rememberKept(digest: string, text: string): void {
    try {
      this.remember(text);
    } catch (error) {
      this.ports.log.warn('a kept plan cannot be read; it is left aside', { error, digest });
    }
  }

  /** Takes everything from the store that is not in memory; answers the digests of all that is there. */
  private async loadAll(): Promise<readonly string[]> {
    const digests: string[] = [];
    let after: { readonly value: string; readonly id: string } | undefined;
    for (;;) {
      const page = await this.store.find({
        where: [],
        orderBy: { field: 'definition', direction: 'asc' },
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      for (const { id, body } of page) {
        digests.push(id);
        if (!this.plans.has(id)) this.rememberKept(id, body);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return digests;
      after = { value: String(last.fields.definition), id: last.id };
    }
  }

  private async ask(digest: string): Promise<void> {
    const { bus, participant, world } = this.ports;
    const now = world.clock.monotonic();
    if (now - (this.asked.get(digest) ?? -ASK_AGAIN_MS) < ASK_AGAIN_MS) return;
    this.asked.set(digest, now);
    const at = world.clock.now();
    const event: CloudEvent = {
      specversion: '1.0',
      id: `plan/${participant}/${digest}/${at}`,
      source: participantSource(participant),
      type: planRequested.type,
      time: new Date(at).toISOString(),
      datacontenttype: 'application/json',
      data: { digest, participant: participant, replyTo: participantQueue(participant) },
    };
    await bus.publish([{ event, to: [{ kind: 'queue', queue: COORDINATOR_QUEUE }] }]);
  }
}
