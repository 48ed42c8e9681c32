import { awaitedType, compilePlan } from '@aura/workflow';
import type { CompiledPlan, Plan } from '@aura/workflow';
import { compare } from 'semver';
import { hasSagas } from './definition-record';
import type { DefinitionRecord } from './definition-record';

/** A definition in memory. */
export interface KnownDefinition {
  readonly record: DefinitionRecord;
  readonly compiled: CompiledPlan;
}

/** The definitions that this instance has read, each plan compiled once. Only grows with what is published. */
export class KnownDefinitions {
  private readonly byVersion = new Map<string, KnownDefinition>();
  private readonly byDigest = new Map<string, CompiledPlan>();

  /** Takes note of a record; one that is older than what is known stays out. */
  remember(record: DefinitionRecord): KnownDefinition {
    const { definition, version, digest } = record.plan;
    const name = `${definition}@${version}`;
    const before = this.byVersion.get(name);
    if (before !== undefined && before.record.seq >= record.seq) return before;
    const compiled = this.byDigest.get(digest) ?? compilePlan(record.plan);
    this.byDigest.set(digest, compiled);
    const known = { record, compiled };
    this.byVersion.set(name, known);
    return known;
  }

  /** Whether a view with this id and version is known already. */
  has(id: string, seq: number): boolean {
    const known = this.byVersion.get(id);
    return known !== undefined && known.record.seq >= seq;
  }

  plan(digest: string): CompiledPlan | undefined {
    return this.byDigest.get(digest);
  }

  all(): readonly KnownDefinition[] {
    return [...this.byVersion.values()];
  }

  /** The newest active version of a definition, or the one asked for; the newest of all when none is active. */
  newest(definition: string, version?: string): KnownDefinition | undefined {
    const all = this.all().filter(
      ({ record }) =>
        record.plan.definition === definition && (version === undefined || record.plan.version === version),
    );
    const active = all.filter(({ record }) => record.status === 'active');
    return (active.length > 0 ? active : all).sort((left, right) =>
      compare(right.record.plan.version, left.record.plan.version),
    )[0];
  }

  /** Plans of all versions that take sagas. */
  activePlans(): readonly Plan[] {
    return this.all().flatMap(({ record }) => (record.status === 'active' ? [record.plan] : []));
  }

  /** Every version whose sagas may be under way and wait for an event of this type. */
  awaiting(type: string): readonly CompiledPlan[] {
    return this.all()
      .filter(({ record }) => hasSagas(record))
      .map(({ compiled }) => compiled)
      .filter(({ eventWaits }) => eventWaits.some(({ builtIn }) => awaitedType(builtIn) === type));
  }

  /** The newest active version of every definition that an event of this type may start. */
  triggeredBy(type: string): readonly CompiledPlan[] {
    const names = new Set(this.all().map(({ record }) => record.plan.definition));
    return [...names]
      .flatMap((name) => this.newest(name) ?? [])
      .filter(
        ({ record }) => record.status === 'active' && record.plan.triggers.some(({ on }) => on === type),
      )
      .map(({ compiled }) => compiled);
  }
}
