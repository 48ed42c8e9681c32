import { definitionActivated, definitionPublished, planProvided } from '@aura/contracts';
import type { CloudEvent, DefinitionProblem, DefinitionSummary } from '@aura/contracts';
import { err, ok } from '@aura/kernel';
import type { Result, ViewStore } from '@aura/kernel';
import {
  COORDINATOR_SOURCE,
  EVENTS_EXCHANGE,
  eventKey,
  INGRESS_QUEUE,
  participantQueue,
} from '@aura/messaging';
import type { Binding, OutboundMessage } from '@aura/messaging';
import { compileDefinition, compilePlan, participantsOf, planKeys } from '@aura/workflow';
import type { CompiledPlan, Plan } from '@aura/workflow';
import { compare } from 'semver';
import type { Actor } from '../coordinator';
import type { Catalogue } from './catalogue';
import {
  definitionStream,
  definitionView,
  evolveDefinition,
  foldDefinition,
  summaryOf,
  waitsFor,
} from './definition-record';
import type { DefinitionEntry, DefinitionField, DefinitionRecord } from './definition-record';
import type { CoordinatorPorts } from './ports';

/** How old the list of definitions may be before it is read again, ms. */
const FRESH_MS = 1000;

interface Known {
  readonly record: DefinitionRecord;
  readonly compiled: CompiledPlan;
}

/** Definitions: published, confirmed by their participants, active; pinned by digest, versions side by side. */
export class Definitions {
  private readonly known = new Map<string, Known>();
  private readonly byDigest = new Map<string, CompiledPlan>();
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly store: ViewStore<DefinitionField>,
    private readonly catalogue: Catalogue,
  ) {}

  /** Reads what is stored, and binds what active definitions need. */
  async start(): Promise<void> {
    await this.refresh();
    for (const { record } of this.known.values())
      if (record.status === 'active') await this.ports.bus.bind(publicBindings(record.plan));
  }

  /** The plan of a digest. */
  async plan(digest: string): Promise<CompiledPlan | undefined> {
    const known = this.byDigest.get(digest);
    if (known !== undefined) return known;
    const [view] = await this.store.find({
      where: [{ field: 'digest', op: 'eq', value: digest }],
      orderBy: { field: 'publishedAt', direction: 'asc' },
      limit: 1,
    });
    return view === undefined ? undefined : this.remember(JSON.parse(view.body) as DefinitionRecord).compiled;
  }

  /** The newest active version of a definition, or the one asked for; otherwise what stands in its way. */
  async active(
    definition: string,
    version?: string,
  ): Promise<Result<CompiledPlan, 'unknown' | readonly string[]>> {
    const found = this.newest(definition, version);
    if (found?.record.status === 'active' && version !== undefined) return ok(found.compiled);
    await this.refreshIfOld();
    const fresh = this.newest(definition, version);
    if (fresh === undefined) return err('unknown');
    return fresh.record.status === 'active' ? ok(fresh.compiled) : err(waitsFor(fresh.record));
  }

  /** Active plans that a foreign event of this type may start. */
  async triggeredBy(type: string): Promise<readonly CompiledPlan[]> {
    await this.refreshIfOld();
    const names = new Set([...this.known.values()].map(({ record }) => record.plan.definition));
    const newest = [...names].flatMap((name) => this.newest(name, undefined) ?? []);
    return newest
      .filter(
        ({ record }) => record.status === 'active' && record.plan.triggers.some(({ on }) => on === type),
      )
      .map(({ compiled }) => compiled);
  }

  async list(): Promise<readonly DefinitionSummary[]> {
    await this.refresh();
    return [...this.known.values()]
      .map(({ record }) => summaryOf(record))
      .sort((left, right) =>
        left.id === right.id ? compare(left.version, right.version) : left.id < right.id ? -1 : 1,
      );
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
    const stream = definitionStream(plan.definition, plan.version);
    const entry: DefinitionEntry = { kind: 'published', plan, text, file, actor };
    await this.append(stream, (record) => (record === undefined ? entry : undefined));
    const record = await this.load(stream);
    if (record === undefined || record.plan.digest !== plan.digest)
      return err([versionTaken(plan, file, record?.plan.digest ?? '')]);
    if (record.status === 'publishing') await this.ask(record, waitsFor(record));
    return ok(summaryOf(record));
  }

  /** A participant announced itself: it is asked to bind what it does not name among its plans. */
  async onAnnounced(participant: string, plans: readonly string[]): Promise<void> {
    await this.refreshIfOld();
    for (const { record } of this.known.values()) {
      if (!participantsOf(record.plan).includes(participant)) continue;
      const isMissing = !plans.includes(record.plan.digest) || waitsFor(record).includes(participant);
      if (isMissing) await this.ask(record, [participant]);
    }
  }

  /** A participant has bound a plan; the last one makes the definition active. */
  async onBound(ref: {
    readonly definition: string;
    readonly version: string;
    readonly digest: string;
    readonly participant: string;
  }): Promise<void> {
    const stream = definitionStream(ref.definition, ref.version);
    const { participant, digest } = ref;
    await this.append(stream, (record) =>
      record?.plan.digest === digest && !record.bound.includes(participant)
        ? { kind: 'bound', participant }
        : undefined,
    );
    const record = await this.load(stream);
    if (record === undefined || record.status === 'active' || waitsFor(record).length > 0) return;
    await this.ports.bus.bind(publicBindings(record.plan));
    await this.append(stream, (now) => (now?.status === 'publishing' ? { kind: 'activated' } : undefined));
    await this.load(stream);
    await this.ports.bus.publish([lifeCycle(record.plan, this.ports.world.clock.now())]);
  }

  /** Sends a plan to whoever asks for it by digest. */
  async provide(digest: string, queue: string): Promise<readonly OutboundMessage[]> {
    const compiled = await this.plan(digest);
    if (compiled === undefined) return [];
    const event = planEvent(planProvided.type, compiled.plan, this.ports.world.clock.now());
    return [{ event, to: [{ kind: 'queue', queue }] }];
  }

  private async ask(record: DefinitionRecord, participants: readonly string[]): Promise<void> {
    const to = participants.map(
      (participant) => ({ kind: 'queue', queue: participantQueue(participant) }) as const,
    );
    if (to.length === 0) return;
    const event = planEvent(definitionPublished.type, record.plan, this.ports.world.clock.now());
    await this.ports.bus.publish([{ event, to }]);
  }

  private async append(
    stream: string,
    decide: (record: DefinitionRecord | undefined) => DefinitionEntry | undefined,
  ): Promise<void> {
    for (;;) {
      const rows = await this.ports.journal.read(stream);
      const entry = decide(foldDefinition(rows));
      if (entry === undefined) return;
      const place = { seq: rows.length + 1, at: this.ports.world.clock.now() };
      const row = { stream, ...place, operations: [], body: JSON.stringify(entry) };
      const [result] = await this.ports.journal.append([row]);
      if (result === 'appended')
        return void this.remember(evolveDefinition(foldDefinition(rows), entry, place));
    }
  }

  /** Folds a definition from its journal and brings its view up to date. */
  private async load(stream: string): Promise<DefinitionRecord | undefined> {
    const record = foldDefinition(await this.ports.journal.read(stream));
    if (record === undefined) return undefined;
    this.remember(record);
    await this.store.put([definitionView(record)]);
    return record;
  }

  private async refreshIfOld(): Promise<void> {
    if (this.ports.world.clock.monotonic() - this.readAt > FRESH_MS) await this.refresh();
  }

  private async refresh(): Promise<void> {
    this.readAt = this.ports.world.clock.monotonic();
    const views = await this.store.find({
      where: [],
      orderBy: { field: 'publishedAt', direction: 'asc' },
      limit: 1000,
    });
    for (const { id, body, version } of views) {
      const seen = this.known.get(id);
      if (seen === undefined || seen.record.seq < version)
        this.remember(JSON.parse(body) as DefinitionRecord);
    }
  }

  private remember(record: DefinitionRecord): Known {
    const { definition, version, digest } = record.plan;
    const compiled = this.byDigest.get(digest) ?? compilePlan(record.plan);
    this.byDigest.set(digest, compiled);
    const known = { record, compiled };
    this.known.set(`${definition}@${version}`, known);
    return known;
  }

  private newest(definition: string, version: string | undefined): Known | undefined {
    const all = [...this.known.values()].filter(
      ({ record }) =>
        record.plan.definition === definition && (version === undefined || record.plan.version === version),
    );
    const active = all.filter(({ record }) => record.status === 'active');
    return (active.length > 0 ? active : all).sort((left, right) =>
      compare(right.record.plan.version, left.record.plan.version),
    )[0];
  }
}

function publicBindings(plan: Plan): readonly Binding[] {
  const shown = planKeys(plan).map((key) => ({ kind: 'publicFace', key }) as const);
  const triggers = plan.triggers.map(
    ({ on }) => ({ kind: 'queue', queue: INGRESS_QUEUE, exchange: EVENTS_EXCHANGE, key: on }) as const,
  );
  return [...shown, ...triggers];
}

function planEvent(type: string, plan: Plan, now: number): CloudEvent {
  const { digest, definition, version } = plan;
  return {
    specversion: '1.0',
    id: `${type}/${digest}/${now}`,
    source: COORDINATOR_SOURCE,
    type,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    data: { digest, definition, version, plan: JSON.stringify(plan) },
  };
}

function lifeCycle(plan: Plan, now: number): OutboundMessage {
  const { digest, definition, version } = plan;
  const event: CloudEvent = {
    specversion: '1.0',
    id: `${definitionStream(definition, version)}/activated`,
    source: COORDINATOR_SOURCE,
    type: definitionActivated.type,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    data: { digest, definition, version },
  };
  return {
    event,
    to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: eventKey(event.type, definition) }],
  };
}

function versionTaken(plan: Plan, file: string, standing: string): DefinitionProblem {
  return {
    code: 'VERSION_TAKEN',
    message: `${plan.definition} ${plan.version} is published already with another content (${standing}); raise the version`,
    path: 'version',
    file,
  };
}
