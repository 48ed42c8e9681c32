import { definitionPublished, definitionReleased, planProvided } from '@aura/contracts';
import type { DefinitionProblem, DefinitionSummary } from '@aura/contracts';
import { err, ok } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import { participantQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import { compileDefinition, participantsOf } from '@aura/workflow';
import type { CompiledPlan, Plan } from '@aura/workflow';
import { compare } from 'semver';
import type { Actor, RetireRefusal, RetireRequest, Template } from '../coordinator';
import type { Catalogue } from './catalogue';
import {
  planEvent,
  publicBindings,
  statusMessage,
  versionRetired,
  versionTaken,
} from './definition-messages';
import { definitionStream, hasSagas, isUntold, summaryOf, templateOf, waitsFor } from './definition-record';
import type { DefinitionEntry, DefinitionRecord } from './definition-record';
import type { DefinitionStore } from './definition-store';
import type { CoordinatorPorts } from './ports';
import { unknownDefinition } from './start-refusals';

/** A participant's word on a definition. */
export interface DefinitionWord {
  readonly definition: string;
  readonly version: string;
  readonly digest: string;
  readonly participant: string;
}

/**
 * Definitions, each version by itself, pinned by digest.
 *
 * - `publishing`: entered by publication, also again behind `expired`; waits for the participants' confirmations, and
 *   says for whom and until when; left by the last confirmation, the deadline, or being retired.
 * - `active`: takes sagas; left by being retired.
 * - `expired`: not everybody has confirmed in time; published again it is `publishing`.
 * - `retired`: takes no sagas; those under way go on. Behind the last of them it is released: everybody unbinds what no
 *   other definition needs.
 */
export class Definitions {
  private readonly telling = new Map<string, Promise<DefinitionRecord>>();

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: { readonly publishDeadlineMs: number },
    private readonly store: DefinitionStore,
    private readonly catalogue: Catalogue,
  ) {}

  /** Reads what is stored, binds what definitions with sagas need, and goes on with those that were left half-way. */
  async start(): Promise<void> {
    await this.store.rebuild();
    for (const { record } of this.store.known.all())
      if (hasSagas(record)) await this.ports.bus.bind(publicBindings(record.plan));
      else await this.activateIfBound(record);
  }

  /** Name of the definition that a digest belongs to, when its plan is in memory. */
  nameOf(digest: string): string | undefined {
    return this.store.known.plan(digest)?.plan.definition;
  }

  /** The plan of a digest. */
  plan(digest: string): Promise<CompiledPlan | undefined> {
    return this.store.plan(digest);
  }

  /** The newest active version of a definition, or the one asked for; otherwise what stands in its way. */
  async active(
    definition: string,
    version?: string,
  ): Promise<Result<CompiledPlan, 'unknown' | DefinitionSummary>> {
    await this.store.refreshIfOld();
    const found = this.store.known.newest(definition, version);
    if (found?.record.status === 'active') return ok(found.compiled);
    // It may have become active this instant.
    await this.store.refresh();
    const fresh = this.store.known.newest(definition, version);
    if (fresh === undefined) return err('unknown');
    return fresh.record.status === 'active' ? ok(fresh.compiled) : err(summaryOf(fresh.record));
  }

  /** Active plans that a foreign event of this type may start. */
  async triggeredBy(type: string): Promise<readonly CompiledPlan[]> {
    await this.store.refreshIfOld();
    const plans = this.store.known.triggeredBy(type);
    if (plans.length > 0) return plans;
    // The queue is bound to what some active definition wants: another instance may have activated it this instant.
    await this.store.refresh();
    return this.store.known.triggeredBy(type);
  }

  /** Plans with sagas that may wait for an event of this type. */
  async awaiting(type: string): Promise<readonly CompiledPlan[]> {
    await this.store.refreshIfOld();
    return this.store.known.awaiting(type);
  }

  async list(): Promise<readonly DefinitionSummary[]> {
    await this.store.refresh();
    return this.store.known
      .all()
      .map(({ record }) => summaryOf(record))
      .sort(byNameAndVersion);
  }

  /** Of each definition the version that a start without one gets, by its id. */
  async templates(): Promise<readonly Template[]> {
    await Promise.all([this.store.refresh(), this.catalogue.refresh()]);
    const { known } = this.store;
    const actions = this.catalogue.actions();
    const names = [...new Set(known.all().map(({ record }) => record.plan.definition))].sort();
    return names
      .flatMap((name) => known.newest(name)?.record ?? [])
      .filter(({ status }) => status !== 'retired')
      .map((record) => templateOf(record, actions));
  }

  /** Plans of the active definitions. */
  async activePlans(): Promise<readonly CompiledPlan['plan'][]> {
    await this.store.refreshIfOld();
    return this.store.known.activePlans();
  }

  check(text: string, file: string): readonly DefinitionProblem[] {
    const compiled = this.compile(text, file);
    return compiled.ok ? [] : compiled.error;
  }

  async publish(
    text: string,
    file: string,
    actor: Actor,
  ): Promise<Result<DefinitionSummary, readonly DefinitionProblem[]>> {
    await Promise.all([this.catalogue.refresh(), this.store.refresh()]);
    const compiled = this.compile(text, file);
    if (!compiled.ok) return err(compiled.error);
    const plan = compiled.value;
    const until = this.ports.world.clock.now() + this.options.publishDeadlineMs;
    const record = await this.append(plan, (standing) => {
      if (standing === undefined) return { kind: 'published', plan, text, file, actor, until };
      const isAgain = standing.status === 'expired' && standing.plan.digest === plan.digest;
      return isAgain ? { kind: 'republished', actor, until } : undefined;
    });
    if (record === undefined || record.plan.digest !== plan.digest)
      return err([versionTaken(plan, file, record?.plan.digest ?? '')]);
    if (record.status === 'retired') return err([versionRetired(plan, file)]);
    const now = await this.activateIfBound(record);
    if (now.status === 'publishing') await this.ask(now, waitsFor(now));
    return ok(summaryOf(now));
  }

  /** Lets definitions take no more sagas: one version, or every one that is not retired yet. Repeated, it answers the same. */
  async retire({
    definition,
    version,
    actor,
  }: RetireRequest): Promise<Result<readonly DefinitionSummary[], RetireRefusal>> {
    await this.store.refresh();
    const meant = this.store.known
      .all()
      .filter(
        ({ record: { plan } }) =>
          plan.definition === definition && plan.version === (version ?? plan.version),
      );
    if (meant.length === 0) return err(unknownDefinition(definition, version));
    const retired: DefinitionSummary[] = [];
    for (const { record } of meant) {
      const now = await this.goOn(record, ({ status }) =>
        status === 'retired' ? undefined : { kind: 'retired', actor },
      );
      retired.push(summaryOf(await this.tell(now)));
    }
    return ok(retired.sort(byNameAndVersion));
  }

  /** A participant announced itself: it is asked to bind what it lacks, and to unbind what it should not have. */
  async onAnnounced(participant: string, plans: readonly string[]): Promise<void> {
    await this.store.refreshIfOld();
    for (const { record } of this.store.known.all())
      if (participantsOf(record.plan).includes(participant)) await this.remind(record, participant, plans);
  }

  private async remind(
    record: DefinitionRecord,
    participant: string,
    plans: readonly string[],
  ): Promise<void> {
    const hasPlan = plans.includes(record.plan.digest);
    const isAwaited = waitsFor(record).includes(participant);
    if (record.release !== undefined) {
      if (hasPlan || isAwaited) await this.release(record, [participant]);
    } else if (record.status !== 'expired') {
      if (!hasPlan || isAwaited) await this.ask(record, [participant]);
      else await this.activateIfBound(record);
    }
  }

  /** A participant has bound a plan; the last one makes the definition active. */
  async onBound({ digest, participant, ...ref }: DefinitionWord): Promise<void> {
    const record = await this.append(ref, (standing) =>
      standing?.plan.digest === digest && !standing.bound.includes(participant)
        ? { kind: 'bound', participant }
        : undefined,
    );
    if (record !== undefined) await this.activateIfBound(record);
  }

  /** A participant has unbound what a released definition alone needed. */
  async onUnbound({ digest, participant, ...ref }: DefinitionWord): Promise<void> {
    await this.append(ref, (standing) =>
      standing?.plan.digest === digest && standing.release?.unbound.includes(participant) === false
        ? { kind: 'unbound', participant }
        : undefined,
    );
  }

  /** Sends a plan to whoever asks for it by digest. */
  async provide(digest: string, queue: string): Promise<readonly OutboundMessage[]> {
    const compiled = await this.plan(digest);
    if (compiled === undefined) return [];
    const event = planEvent(planProvided.type, compiled.plan, this.ports.world.clock.now());
    return [{ event, to: [{ kind: 'queue', queue }] }];
  }

  /** Whoever finds a definition that everybody has confirmed goes on with it: the one before may have died half-way. */
  async activateIfBound(record: DefinitionRecord): Promise<DefinitionRecord> {
    if (record.status !== 'publishing' || waitsFor(record).length > 0) return record;
    await this.ports.bus.bind(publicBindings(record.plan));
    const active = await this.goOn(record, ({ status }) =>
      status === 'publishing' ? { kind: 'activated' } : undefined,
    );
    return this.tell(active);
  }

  /** Tells the world how a definition stands, once in its journal and perhaps twice on the wire, as the same event. */
  async tell(stale: DefinitionRecord): Promise<DefinitionRecord> {
    const record = this.store.known.remember(stale).record;
    if (!isUntold(record)) return record;
    const message = statusMessage(record);
    const { id } = message.event;
    const telling = this.telling.get(id) ?? this.told(record, message).finally(() => this.telling.delete(id));
    this.telling.set(id, telling);
    return telling;
  }

  private async told(record: DefinitionRecord, message: OutboundMessage): Promise<DefinitionRecord> {
    const { status } = record;
    await this.ports.bus.publish([message]);
    return this.goOn(record, (standing) =>
      standing.status === status && isUntold(standing) ? { kind: 'told', status } : undefined,
    );
  }

  /** Asks participants to unbind what a released definition alone needed. */
  async release(record: DefinitionRecord, participants: readonly string[]): Promise<void> {
    await this.send(definitionReleased.type, record.plan, participants);
  }

  private ask(record: DefinitionRecord, participants: readonly string[]): Promise<void> {
    return this.send(definitionPublished.type, record.plan, participants);
  }

  private async send(type: string, plan: Plan, participants: readonly string[]): Promise<void> {
    const to = participants.map(
      (participant) => ({ kind: 'queue', queue: participantQueue(participant) }) as const,
    );
    const event = planEvent(type, plan, this.ports.world.clock.now());
    await this.ports.bus.publish([{ event, to }]);
  }

  /** Decides about a definition whose journal has begun; answers it as it stands then. */
  private async goOn(
    record: DefinitionRecord,
    decide: (standing: DefinitionRecord) => DefinitionEntry | undefined,
  ): Promise<DefinitionRecord> {
    return (await this.append(record.plan, (standing = record) => decide(standing))) ?? record;
  }

  private compile(text: string, file: string): ReturnType<typeof compileDefinition> {
    return compileDefinition(text, file, this.catalogue.actions(), this.store.known.activePlans());
  }

  private append(
    { definition, version }: Pick<Plan, 'definition' | 'version'>,
    decide: (record: DefinitionRecord | undefined) => DefinitionEntry | undefined,
  ): Promise<DefinitionRecord | undefined> {
    return this.store.append(definitionStream(definition, version), decide);
  }
}

function byNameAndVersion(left: DefinitionSummary, right: DefinitionSummary): number {
  if (left.id === right.id) return compare(left.version, right.version);
  return left.id < right.id ? -1 : 1;
}
