import type { StreamHead, ViewStore } from '@aura/kernel';
import { present } from '../machine/present';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { Rounds } from './rounds';

/** Journals of one look, and views asked for at once. */
const PAGE = 500;
const AT_ONCE = 50;
/** A saga's first row stands for a moment before its view does, ms. */
const YOUNG_MS = 10_000;

/** What is looked after, and the beginning of its streams. */
const KINDS = { sagas: 'saga/', transactions: 'tx/' } as const;
type Kind = keyof typeof KINDS;

/** Views of one kind, and whom it is told that something has a journal and no view. */
export interface Patrolled {
  readonly views: Pick<ViewStore<never>, 'get'>;
  readonly onMissing: (id: string) => Promise<unknown> | void;
}

/** What a patrol looks at. */
export interface PatrolParts extends Readonly<Record<Kind, Patrolled>> {
  /** Partitions of this instance. */
  readonly owned: () => readonly number[];
}

/**
 * Goes round the journals of this instance's partitions, a page at a time, and finds those whose views are gone: a saga or
 * a transaction without a view is in no list, and its timers are not found.
 */
export class ViewPatrol {
  private readonly rounds: Rounds;
  private readonly asked = new Map<string, Promise<void>>();
  /** Where the next look begins: behind a stream of a partition. */
  private place: { readonly partition: number; readonly afterStream?: string } = { partition: -1 };

  constructor(
    private readonly ports: CoordinatorPorts,
    options: CoordinatorOptions,
    private readonly parts: PatrolParts,
  ) {
    this.rounds = new Rounds(ports.world.scheduler, options.patrolMs, {
      look: () => this.look(),
      failed: (error) =>
        ports.log.warn('journals without views could not be looked for; trying again', { error }),
    });
  }

  start(): void {
    this.rounds.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.rounds.stop(), ...this.asked.values()]);
  }

  /** Looks at one saga that somebody asked for, beside the round; nobody waits for it. `startedAt`: ms since 1970. */
  lookAt({ saga, startedAt }: { readonly saga: string; readonly startedAt: number }): void {
    if (this.rounds.isStopping || this.asked.has(saga) || !this.isOld(startedAt)) return;
    const { views, onMissing } = this.parts.sagas;
    const looking = views
      .get(saga)
      .then(async (view) => void (view === undefined && (await onMissing(saga))))
      .catch((error: unknown) =>
        this.ports.log.warn(`the view of saga ${saga} could not be looked at`, { error }),
      )
      .finally(() => this.asked.delete(saga));
    this.asked.set(saga, looking);
  }

  private isOld(at: number): boolean {
    return Math.abs(this.ports.world.clock.now() - at) > YOUNG_MS;
  }

  private async look(): Promise<void> {
    const partition = this.nextPartition();
    if (partition === undefined) return;
    const heads = await this.page(partition);
    for (const kind of ['sagas', 'transactions'] as const) {
      const missing = await this.withoutView(kind, heads);
      if (missing.length > 0)
        this.ports.log.warn(`the views of ${missing.length} ${kind} are gone; they are made again`, {
          partition,
        });
      for (const id of missing) await this.parts[kind].onMissing(id);
    }
  }

  private async page(partition: number): Promise<readonly StreamHead[]> {
    const { afterStream } = this.place;
    const heads = await this.ports.journal.scan({
      partitions: [partition],
      since: 0,
      limit: PAGE,
      ...present({ afterStream }),
    });
    const last = heads.length < PAGE ? undefined : heads.at(-1)?.stream;
    this.place = last === undefined ? { partition: partition + 1 } : { partition, afterStream: last };
    return heads;
  }

  /** The partition to go on with: the same, when there is more of it, else the next one, round and round. */
  private nextPartition(): number | undefined {
    const owned = [...this.parts.owned()].sort((left, right) => left - right);
    const next = owned.find((partition) => partition >= this.place.partition) ?? owned[0];
    if (next !== undefined && next !== this.place.partition) this.place = { partition: next };
    return next;
  }

  private async withoutView(kind: Kind, heads: readonly StreamHead[]): Promise<readonly string[]> {
    const prefix = KINDS[kind];
    const ids = heads
      .filter(({ stream, at }) => stream.startsWith(prefix) && this.isOld(at))
      .map(({ stream }) => stream.slice(prefix.length));
    const missing: string[] = [];
    for (let from = 0; from < ids.length && !this.rounds.isStopping; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE);
      const views = await Promise.all(some.map((id) => this.parts[kind].views.get(id)));
      missing.push(...some.filter((_id, n) => views[n] === undefined));
    }
    return missing;
  }
}
