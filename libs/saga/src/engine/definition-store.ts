import type { FieldValue, ViewStore } from '@aura/kernel';
import type { CompiledPlan } from '@aura/workflow';
import {
  DEFINITIONS_PARTITION,
  definitionView,
  evolveDefinition,
  foldDefinition,
  recordIn,
} from './definition-record';
import type { DefinitionEntry, DefinitionField, DefinitionRecord } from './definition-record';
import { KnownDefinitions } from './known-definitions';
import type { CoordinatorPorts } from './ports';
import { SharedReading } from './shared-reading';

/** How old the list of definitions may be before it is read again, ms. */
const FRESH_MS = 1000;
/** Definitions of one page. */
const PAGE = 200;

/** The journals of definitions, their views, and what this instance has read of them. */
export class DefinitionStore {
  readonly known = new KnownDefinitions();
  private readAt = Number.NEGATIVE_INFINITY;
  private rebuiltAt = Number.NEGATIVE_INFINITY;
  private readonly reading = new SharedReading(() => this.read());

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly store: ViewStore<DefinitionField>,
  ) {}

  /** The plan of a digest. */
  async plan(digest: string): Promise<CompiledPlan | undefined> {
    const known = this.known.plan(digest);
    if (known !== undefined) return known;
    const [view] = await this.store.find({
      where: [{ field: 'digest', op: 'eq', value: digest }],
      orderBy: { field: 'publishedAt', direction: 'asc' },
      limit: 1,
    });
    if (view !== undefined) this.takeNote(recordIn(view.body));
    // Views can be lost; the journals have it. Asked for not more than once a while, however often it is missing.
    else if (this.age(this.rebuiltAt) > FRESH_MS) await this.rebuild();
    return this.known.plan(digest);
  }

  /** Appends what is called for, if anything is; answers the definition as it stands then, its view brought up to date. */
  async append(
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

  async refreshIfOld(): Promise<void> {
    if (this.age(this.readAt) > FRESH_MS) await this.refresh();
  }

  /** Reads what other instances have written by now; those who ask at once share it. */
  refresh(): Promise<void> {
    return this.reading.ask();
  }

  /** Reads all definitions from their journals and brings their views up to date. */
  async rebuild(): Promise<void> {
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

  private async read(): Promise<void> {
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
        if (!this.known.has(id, version)) this.takeNote(recordIn(body));
      const last = views.at(-1);
      if (last === undefined || views.length < PAGE) return;
      after = { value: last.fields.publishedAt, id: last.id };
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
}
