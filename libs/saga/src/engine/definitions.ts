import { definitionPublished, planProvided } from '@aura/contracts';
import type { DefinitionProblem, DefinitionSummary } from '@aura/contracts';
import { err, ok } from '@aura/kernel';
import type { FieldValue, Result, ViewStore } from '@aura/kernel';
import { participantQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import { compileDefinition, participantsOf } from '@aura/workflow';
import type { CompiledPlan } from '@aura/workflow';
import { compare } from 'semver';
import type { Actor, Template } from '../coordinator';
import type { Catalogue } from './catalogue';
import { activatedMessage, planEvent, publicBindings, versionTaken } from './definition-messages';
import {
  DEFINITIONS_PARTITION,
  definitionStream,
  definitionView,
  evolveDefinition,
  foldDefinition,
  summaryOf,
  templateOf,
  waitsFor,
} from './definition-record';
import type { DefinitionEntry, DefinitionField, DefinitionRecord } from './definition-record';
import { KnownDefinitions } from './known-definitions';
import type { CoordinatorPorts } from './ports';

/** How old the list of definitions may be before it is read again, ms. */
const FRESH_MS = 1000;
/** Definitions of one page. */
const PAGE = 200;

/** Definitions: published, confirmed by their participants, active; pinned by digest, versions side by side. */
export class Definitions {
  private readonly known = new KnownDefinitions();
  private readAt = Number.NEGATIVE_INFINITY;
  private rebuiltAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly store: ViewStore<DefinitionField>,
    private readonly catalogue: Catalogue,
  ) {}

  /** Reads what is stored, binds what active definitions need, and goes on with those that were left half-way. */
  async start(): Promise<void> {
    await this.rebuild();
    for (const { record } of this.known.all())
      if (record.status === 'active') await this.ports.bus.bind(publicBindings(record.plan));
      else await this.activateIfBound(record);
  }

  /** Name of the definition that a digest belongs to, when its plan is in memory. */
  nameOf(digest: string): string | undefined {
    return this.known.plan(digest)?.plan.definition;
  }

  /** The plan of a digest. */
  async plan(digest: string): Promise<CompiledPlan | undefined> {
    const known = this.known.plan(digest);
    if (known !== undefined) return known;
    const [view] = await this.store.find({
      where: [{ field: 'digest', op: 'eq', value: digest }],
      orderBy: { field: 'publishedAt', direction: 'asc' },
      limit: 1,
    });
    if (view !== undefined) this.takeNote(JSON.parse(view.body) as DefinitionRecord);
    // Views can be lost; the journals have it. Asked for not more than once a while, however often it is missing.
    else if (this.age(this.rebuiltAt) > FRESH_MS) await this.rebuild();
    return this.known.plan(digest);
  }

  /** The newest active version of a definition, or the one asked for; otherwise what stands in its way. */
  async active(
    definition: string,
    version?: string,
  ): Promise<Result<CompiledPlan, 'unknown' | readonly string[]>> {
    const found = this.known.newest(definition, version);
    if (found?.record.status === 'active' && version !== undefined) return ok(found.compiled);
    await this.refreshIfOld();
    const fresh = this.known.newest(definition, version);
    if (fresh === undefined) return err('unknown');
    return fresh.record.status === 'active' ? ok(fresh.compiled) : err(waitsFor(fresh.record));
  }

  /** Active plans that a foreign event of this type may start. */
  async triggeredBy(type: string): Promise<readonly CompiledPlan[]> {
    await this.refreshIfOld();
    const plans = this.known.triggeredBy(type);
    if (plans.length > 0) return plans;
    // The queue is bound to what some active definition wants: another instance may have activated it this instant.
    await this.refresh();
    return this.known.triggeredBy(type);
  }

  async list(): Promise<readonly DefinitionSummary[]> {
    await this.refresh();
    return this.known
      .all()
      .map(({ record }) => summaryOf(record))
      .sort((left, right) =>
        left.id === right.id ? compare(left.version, right.version) : left.id < right.id ? -1 : 1,
      );
  }

  /** Of each definition the version that a start without one gets, by its id. */
  async templates(): Promise<readonly Template[]> {
    await this.refresh();
    const names = [...new Set(this.known.all().map(({ record }) => record.plan.definition))].sort();
    return names.flatMap((name) => this.known.newest(name) ?? []).map(({ record }) => templateOf(record));
  }

  /** Plans of the active definitions. */
  async activePlans(): Promise<readonly CompiledPlan['plan'][]> {
    await this.refreshIfOld();
    return this.known
      .all()
      .filter(({ record }) => record.status === 'active')
      .map(({ record }) => record.plan);
  }

  check(text: string, file: string): readonly DefinitionProblem[] {
    const compiled = compileDefinition(text, file, this.catalogue.actions());
    return compiled.ok ? [] : compiled.error;
  }

  async publish(
    text: string,
    file: string,
    actor: Actor,
  ): Promise<Result<DefinitionSummary, readonly DefinitionProblem[]>> {
    await this.catalogue.refresh();
    const compiled = compileDefinition(text, file, this.catalogue.actions());
    if (!compiled.ok) return err(compiled.error);
    const plan = compiled.value;
    const entry: DefinitionEntry = { kind: 'published', plan, text, file, actor };
    const record = await this.append(definitionStream(plan.definition, plan.version), (standing) =>
      standing === undefined ? entry : undefined,
    );
    if (record === undefined || record.plan.digest !== plan.digest)
      return err([versionTaken(plan, file, record?.plan.digest ?? '')]);
    const now = await this.activateIfBound(record);
    if (now.status === 'publishing') await this.ask(now, waitsFor(now));
    return ok(summaryOf(now));
  }

  /** A participant announced itself: it is asked to bind what it does not name among its plans. */
  async onAnnounced(participant: string, plans: readonly string[]): Promise<void> {
    await this.refreshIfOld();
    for (const { record } of this.known.all()) {
      if (!participantsOf(record.plan).includes(participant)) continue;
      const isMissing = !plans.includes(record.plan.digest) || waitsFor(record).includes(participant);
      if (isMissing) await this.ask(record, [participant]);
      else await this.activateIfBound(record);
    }
  }

  /** A participant has bound a plan; the last one makes the definition active. */
  async onBound(ref: {
    readonly definition: string;
    readonly version: string;
    readonly digest: string;
    readonly participant: string;
  }): Promise<void> {
    const { participant, digest } = ref;
    const record = await this.append(definitionStream(ref.definition, ref.version), (standing) =>
      standing?.plan.digest === digest && !standing.bound.includes(participant)
        ? { kind: 'bound', participant }
        : undefined,
    );
    if (record !== undefined) await this.activateIfBound(record);
  }

  /** Sends a plan to whoever asks for it by digest. */
  async provide(digest: string, queue: string): Promise<readonly OutboundMessage[]> {
    const compiled = await this.plan(digest);
    if (compiled === undefined) return [];
    const event = planEvent(planProvided.type, compiled.plan, this.ports.world.clock.now());
    return [{ event, to: [{ kind: 'queue', queue }] }];
  }

  /** Whoever finds a definition that everybody has confirmed goes on with it: the one before may have died half-way. */
  private async activateIfBound(record: DefinitionRecord): Promise<DefinitionRecord> {
    if (record.status === 'active' || waitsFor(record).length > 0) return record;
    const { plan } = record;
    await this.ports.bus.bind(publicBindings(plan));
    const active = await this.append(definitionStream(plan.definition, plan.version), (standing) =>
      standing?.status === 'publishing' ? { kind: 'activated' } : undefined,
    );
    await this.ports.bus.publish([activatedMessage(plan, this.ports.world.clock.now())]);
    return active ?? record;
  }

  private async ask(record: DefinitionRecord, participants: readonly string[]): Promise<void> {
    const to = participants.map(
      (participant) => ({ kind: 'queue', queue: participantQueue(participant) }) as const,
    );
    const event = planEvent(definitionPublished.type, record.plan, this.ports.world.clock.now());
    await this.ports.bus.publish([{ event, to }]);
  }

  /** Appends what is called for, if anything is; answers the definition as it stands then, its view brought up to date. */
  private async append(
    stream: string,
    decide: (record: DefinitionRecord | undefined) => DefinitionEntry | undefined,
  ): Promise<DefinitionRecord | undefined> {
    for (;;) {
      const rows = await this.ports.journal.read(stream);
      const record = foldDefinition(rows);
      const entry = decide(record);
      if (entry === undefined) return record === undefined ? undefined : this.show(record);
      const place = { seq: rows.length + 1, at: this.ports.world.clock.now() };
      const [result] = await this.ports.journal.append([
        { stream, ...place, operations: [], body: JSON.stringify(entry), partition: DEFINITIONS_PARTITION },
      ]);
      if (result === 'appended') return this.show(evolveDefinition(record, entry, place));
    }
  }

  private async show(record: DefinitionRecord): Promise<DefinitionRecord> {
    await this.store.put([definitionView(record)]);
    return this.known.remember(record).record;
  }

  /** A stored plan that this version cannot compile must not hide the others. */
  private takeNote(record: DefinitionRecord): void {
    try {
      this.known.remember(record);
    } catch (error) {
      this.ports.log.warn(`definition ${record.plan.definition} ${record.plan.version} cannot be used`, {
        error,
      });
    }
  }

  private age(at: number): number {
    return this.ports.world.clock.monotonic() - at;
  }

  private async refreshIfOld(): Promise<void> {
    if (this.age(this.readAt) > FRESH_MS) await this.refresh();
  }

  private async refresh(): Promise<void> {
    this.readAt = this.ports.world.clock.monotonic();
    let after: { readonly value: FieldValue; readonly id: string } | undefined;
    for (;;) {
      const views = await this.store.find({
        where: [],
        orderBy: { field: 'publishedAt', direction: 'asc' },
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      for (const { id, body, version } of views)
        if (!this.known.has(id, version)) this.takeNote(JSON.parse(body) as DefinitionRecord);
      const last = views.at(-1);
      if (last === undefined || views.length < PAGE) return;
      after = { value: last.fields.publishedAt, id: last.id };
    }
  }

  /** Reads all definitions from their journals and brings their views up to date. */
  private async rebuild(): Promise<void> {
    this.rebuiltAt = this.ports.world.clock.monotonic();
    let afterStream: string | undefined;
    for (;;) {
      const heads = await this.ports.journal.scan({
        partitions: [DEFINITIONS_PARTITION],
        since: 0,
        limit: PAGE,
        ...(afterStream === undefined ? {} : { afterStream }),
      });
      const rows = await this.ports.journal.readMany(heads.map(({ stream }) => stream));
      const records = [...rows.values()].flatMap((own) => foldDefinition(own) ?? []);
      if (records.length > 0) await this.store.put(records.map(definitionView));
      for (const record of records) this.takeNote(record);
      afterStream = heads.at(-1)?.stream;
      if (heads.length < PAGE) return;
    }
  }
}
