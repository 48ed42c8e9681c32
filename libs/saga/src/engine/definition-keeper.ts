import { openSagaStatus } from '@aura/contracts';
import type { ViewStore } from '@aura/kernel';
import type { Binding } from '@aura/messaging';
import type { BuiltIn } from '@aura/workflow';
import { publicBindings } from './definition-messages';
import { definitionStream, isUntold, waitsFor } from './definition-record';
import type { DefinitionRecord } from './definition-record';
import type { DefinitionStore } from './definition-store';
import type { Definitions } from './definitions';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { Rounds } from './rounds';
import type { SagaViewField } from './saga-view';

/** What a status is told behind, ms, when whoever recorded it did not: it may just be about to. */
const TELL_AFTER_MS = 1000;

/** What a keeper looks at. */
export interface KeeperParts {
  readonly store: DefinitionStore;
  readonly definitions: Definitions;
  readonly sagas: ViewStore<SagaViewField>;
}

/**
 * Goes on with definitions that nobody else goes on with: those past their deadline, those whose status was recorded
 * but not told, and retired ones behind their last saga. Every instance does so; the journal makes it happen once.
 */
export class DefinitionKeeper {
  private readonly cleared = new Set<string>();
  private readonly rounds: Rounds;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: CoordinatorOptions,
    private readonly parts: KeeperParts,
  ) {
    this.rounds = new Rounds(ports.world, options.definitionsMs, {
      look: () => this.look(),
      failed: (error) => ports.log.warn('definitions could not be looked after; trying again', { error }),
    });
  }

  start(): void {
    // What was cleared before this process began was never bound by it.
    for (const { record } of this.parts.store.known.all())
      if (record.release?.isCleared === true) this.cleared.add(record.plan.digest);
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async look(): Promise<void> {
    const { store } = this.parts;
    await store.refreshIfOld();
    for (const { record } of store.known.all()) {
      if (this.rounds.isStopping) return;
      await this.lookAt(record);
    }
  }

  private async lookAt(record: DefinitionRecord): Promise<void> {
    const { definitions } = this.parts;
    const age = Math.abs(this.ports.world.clock.now() - record.since);
    if (record.status === 'publishing') await this.goOn(record);
    else if (isUntold(record) && age > TELL_AFTER_MS) await definitions.tell(record);
    if (record.status !== 'retired') return;
    if (record.release === undefined) await this.releaseIfDone(record, age);
    else if (!this.cleared.has(record.plan.digest)) await this.clear(record);
  }

  /** Everybody has confirmed, or the deadline has passed. */
  private async goOn(record: DefinitionRecord): Promise<void> {
    const { definitions, store } = this.parts;
    if (waitsFor(record).length === 0) return void (await definitions.activateIfBound(record));
    const now = this.ports.world.clock.now();
    const isOver = ({ until }: DefinitionRecord): boolean => until !== undefined && until <= now;
    if (!isOver(record)) return;
    const expired = await store.append(streamOf(record), (standing) =>
      standing?.status === 'publishing' && isOver(standing) && waitsFor(standing).length > 0
        ? { kind: 'expired' }
        : undefined,
    );
    if (expired?.status === 'expired') await definitions.tell(expired);
  }

  /** Starts that were under way when it was retired have their views by then. */
  private async releaseIfDone(record: DefinitionRecord, age: number): Promise<void> {
    if (age < this.options.releaseAfterMs || this.isNested(record)) return;
    if (await this.hasOpenSagas(record)) return;
    const released = await this.parts.store.append(streamOf(record), (standing) =>
      standing?.status === 'retired' && standing.release === undefined ? { kind: 'released' } : undefined,
    );
    if (released !== undefined) await this.clear(released);
  }

  /** Whether sagas of another definition may still start it as a part of theirs. */
  private isNested({ plan: { digest } }: DefinitionRecord): boolean {
    return this.parts.store.known
      .all()
      .filter(({ record }) => record.release === undefined && record.status !== 'expired')
      .some(({ record }) => record.plan.steps.some(({ builtIn }) => runs(builtIn, digest)));
  }

  private async hasOpenSagas({ plan }: DefinitionRecord): Promise<boolean> {
    const [open] = await this.parts.sagas.find({
      where: [
        { field: 'definition', op: 'eq', value: plan.definition },
        { field: 'version', op: 'eq', value: plan.version },
        { field: 'status', op: 'in', value: openSagaStatus.options },
      ],
      orderBy: { field: 'startedAt', direction: 'asc' },
      limit: 1,
    });
    return open !== undefined;
  }

  /**
   * Unbinds what no other definition needs, also in what this process would bind again when its connection is lost.
   * One that is published meanwhile by another instance, and needs the same, gets it back: its view is there before it
   * binds.
   */
  private async clear(record: DefinitionRecord): Promise<void> {
    const { definitions, store } = this.parts;
    const own = publicBindings(record.plan);
    await store.refresh();
    const unneeded = without(own, this.needed());
    if (unneeded.length > 0) await this.ports.bus.unbind(unneeded);
    await store.refresh();
    const wanted = this.needed();
    const again = unneeded.filter((binding) => wanted.has(keyOf(binding)));
    if (again.length > 0) await this.ports.bus.bind(again);
    if (record.release?.isCleared === false) {
      const waiting = waitsFor(record);
      if (waiting.length > 0) await definitions.release(record, waiting);
      await store.append(streamOf(record), (standing) =>
        standing?.release?.isCleared === false ? { kind: 'cleared' } : undefined,
      );
    }
    this.cleared.add(record.plan.digest);
  }

  private needed(): ReadonlySet<string> {
    const others = this.parts.store.known
      .all()
      .filter(({ record }) => record.release === undefined && record.status !== 'expired');
    return new Set(others.flatMap(({ record }) => publicBindings(record.plan)).map(keyOf));
  }
}

function runs(builtIn: BuiltIn | undefined, digest: string): boolean {
  return builtIn?.type === 'saga' && builtIn.digest === digest;
}

function streamOf({ plan }: DefinitionRecord): string {
  return definitionStream(plan.definition, plan.version);
}

function without(bindings: readonly Binding[], needed: ReadonlySet<string>): readonly Binding[] {
  return bindings.filter((binding) => !needed.has(keyOf(binding)));
}

function keyOf({ kind, key }: Binding): string {
  return `${kind} ${key}`;
}
