import type { StreamHead, ViewRecord, ViewStore } from '@aura/kernel';
import { VainTries } from '@aura/messaging';
import { present } from '../machine/present';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { Rounds } from './rounds';
import { servedAlone } from './served-alone';
import type { Served } from './served-alone';
import { someOf } from './some-of';

/** Journals of one look, and views asked for at once. */
const PAGE = 500;
const AT_ONCE = 50;
/** A saga's first row stands for a moment before its view does, ms. */
const YOUNG_MS = 10_000;

/** What is looked after, and the beginning of its streams. */
const KINDS = { sagas: 'saga/', transactions: 'tx/' } as const;
type Kind = keyof typeof KINDS;

/** What is looked at of a view. */
type Field = 'publishedSeq';

/** Views of one kind, and who makes up for what is missing of them. */
export interface Patrolled {
  readonly views: Pick<ViewStore<Field>, 'get'>;
  /** Something has a journal and no view. */
  readonly onMissing: (id: string) => Promise<unknown> | void;
  /** Nobody has published the newest rows of something, as far as its view knows. */
  readonly onUntold: (id: string) => Promise<unknown> | void;
}

/** What a patrol looks at. */
export interface PatrolParts extends Readonly<Record<Kind, Patrolled>> {
  /** Partitions of this instance. */
  readonly owned: () => readonly number[];
}

/** What a page comes to. */
interface Found {
  readonly missing: readonly string[];
  readonly untold: readonly string[];
}

/** A page of the journals of a partition. */
interface Page {
  readonly partition: number;
  readonly heads: readonly StreamHead[];
}

/** Names of one of a kind. */
const ONE_OF = { sagas: 'saga', transactions: 'transaction' } as const;

/**
 * Goes round the journals of this instance's partitions, a page at a time, and finds those whose views are gone: a saga or
 * a transaction without a view is in no list, and its timers are not found. And those with rows that nobody has published:
 * an instance that does not own the partition appended them as a person wished, and died before it could tell. What does not
 * become well by that is tried again ever more rarely.
 */
export class ViewPatrol {
  private readonly rounds: Rounds;
  private readonly asked = new Map<string, Promise<void>>();
  private readonly vain: VainTries;
  /** Where the next look begins: behind a stream of a partition. */
  private place: { readonly partition: number; readonly afterStream?: string } = { partition: -1 };

  constructor(
    private readonly ports: CoordinatorPorts,
    options: CoordinatorOptions,
    private readonly parts: PatrolParts,
  ) {
    this.vain = new VainTries(ports.world);
    this.rounds = new Rounds(ports.world, options.patrolMs, {
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
    const page = { partition, heads: await this.page(partition) };
    for (const kind of ['sagas', 'transactions'] as const) await this.makeUp(kind, page);
  }

  private async makeUp(kind: Kind, { partition, heads }: Page): Promise<void> {
    const { missing, untold } = await this.found(kind, heads);
    const about = (ids: readonly string[]) => ({ partition, [kind]: someOf(ids) });
    if (missing.length > 0)
      this.ports.log.warn(
        `the views of ${missing.length} ${kind} are gone; they are made again`,
        about(missing),
      );
    if (untold.length > 0)
      this.ports.log.warn(
        `nobody has published the last rows of ${untold.length} ${kind}; it is made up for`,
        about(untold),
      );
    const { onMissing, onUntold } = this.parts[kind];
    for (const id of missing) await this.tryOne({ kind: ONE_OF[kind], id, partition }, onMissing);
    for (const id of untold) await this.tryOne({ kind: ONE_OF[kind], id, partition }, onUntold);
  }

  private async tryOne(one: Served, make: (id: string) => Promise<unknown> | void): Promise<void> {
    await servedAlone(this.ports.log, one, () => make(one.id));
    this.vain.add(one.id);
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

  private async found(kind: Kind, heads: readonly StreamHead[]): Promise<Found> {
    const prefix = KINDS[kind];
    const old = heads.filter(({ stream, at }) => stream.startsWith(prefix) && this.isOld(at));
    const missing: string[] = [];
    const untold: string[] = [];
    for (let from = 0; from < old.length && !this.rounds.isStopping; from += AT_ONCE) {
      const some = old.slice(from, from + AT_ONCE);
      const ids = some.map(({ stream }) => stream.slice(prefix.length));
      const views = await Promise.all(ids.map((id) => this.parts[kind].views.get(id)));
      const isOff = (n: number): boolean => views[n] === undefined || isBehind(views[n], some[n]?.seq ?? 0);
      ids.filter((_id, n) => !isOff(n)).forEach((id) => this.vain.remove(id));
      const isDue = (id: string, n: number): boolean => isOff(n) && !this.vain.isResting(id);
      missing.push(...ids.filter((id, n) => views[n] === undefined && isDue(id, n)));
      untold.push(...ids.filter((id, n) => views[n] !== undefined && isDue(id, n)));
    }
    return { missing, untold };
  }
}

function isBehind(view: ViewRecord<Field> | undefined, seq: number): boolean {
  return view !== undefined && Number(view.fields.publishedSeq) < seq;
}
