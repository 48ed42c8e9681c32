import type { StreamHead, ViewStore } from '@aura/kernel';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { Rounds } from './rounds';
import type { SagaViewField } from './saga-view';

/** Journals of one look, and views asked for at once. */
const PAGE = 500;
const AT_ONCE = 50;
/** A saga's first row stands for a moment before its view does, ms. */
const YOUNG_MS = 10_000;

const STREAM = 'saga/';

/** What a patrol looks at, and whom it tells. */
export interface PatrolParts {
  readonly sagas: ViewStore<SagaViewField>;
  /** Partitions of this instance. */
  readonly owned: () => readonly number[];
  /** A saga has a journal and no view. */
  readonly onMissing: (saga: string) => void;
}

/**
 * Goes round the journals of this instance's partitions, a page at a time, and finds those whose views are gone: a saga
 * without a view is in no list, and its timers are not found.
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
    const looking = this.parts.sagas
      .get(saga)
      .then((view) => (view === undefined ? this.parts.onMissing(saga) : undefined))
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
    const { afterStream } = this.place;
    const heads = await this.ports.journal.scan({
      partitions: [partition],
      since: 0,
      limit: PAGE,
      ...(afterStream === undefined ? {} : { afterStream }),
    });
    const last = heads.length < PAGE ? undefined : heads.at(-1)?.stream;
    this.place = last === undefined ? { partition: partition + 1 } : { partition, afterStream: last };
    const missing = await this.withoutView(heads);
    if (missing.length > 0)
      this.ports.log.warn(`the views of ${missing.length} sagas are gone; they are made again`, {
        partition,
      });
    missing.forEach((saga) => this.parts.onMissing(saga));
  }

  /** The partition to go on with: the same, when there is more of it, else the next one, round and round. */
  private nextPartition(): number | undefined {
    const owned = [...this.parts.owned()].sort((left, right) => left - right);
    const next = owned.find((partition) => partition >= this.place.partition) ?? owned[0];
    if (next !== undefined && next !== this.place.partition) this.place = { partition: next };
    return next;
  }

  private async withoutView(heads: readonly StreamHead[]): Promise<readonly string[]> {
    const sagas = heads
      .filter(({ stream, at }) => stream.startsWith(STREAM) && this.isOld(at))
      .map(({ stream }) => stream.slice(STREAM.length));
    const missing: string[] = [];
    for (let from = 0; from < sagas.length && !this.rounds.isStopping; from += AT_ONCE) {
      const some = sagas.slice(from, from + AT_ONCE);
      const views = await Promise.all(some.map((saga) => this.parts.sagas.get(saga)));
      missing.push(...some.filter((_saga, n) => views[n] === undefined));
    }
    return missing;
  }
}
