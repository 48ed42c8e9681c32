import type { StoredRow } from './stored-row';

/** An operation on a resource, as its key tells it: of a step, or of a branch of the n-th transaction of a step. */
const OPERATION =
  /^step\/(?<saga>[^/]+)\/(?<place>\d+(?:\/[^/]+\/\d+)?\/(?<name>[^/]+)\/\d+)(?<reverse>\/reverse)?$/;

/** The operation of what is there before any saga. */
const OPENING = 'opening';

/** What sagas changed, from the journals of resources alone: rows whose body holds `changes` by operation. */
export class StoredEffects {
  /** Operations that stand more than once in one stream. */
  readonly twice: string[] = [];
  /** What no step is known to have done. */
  readonly strange: string[] = [];
  private readonly seen = new Set<string>();
  /** By saga: the steps, or branches, of the changes that stand, by where each of them stands. */
  private readonly standing = new Map<string, Map<string, string>>();
  private readonly sums = new Map<string, number>();
  /** What transactions hold and have neither applied nor released, by where and which operation. */
  private readonly holdings = new Map<string, string>();

  /** Takes rows of resources and passes over all others. */
  take(row: StoredRow): void {
    const { changes, prepared } = bodyOf(row);
    if (changes === undefined) return;
    this.hold(row, prepared ?? {});
    for (const operation of row.operations) {
      const key = `${row.owner} ${row.stream} ${operation}`;
      if (this.seen.has(key)) this.twice.push(`${row.owner}: ${row.stream} has ${operation} twice`);
      this.seen.add(key);
      const amount = changes[operation];
      if (amount !== undefined && operation !== OPENING) this.apply(row, operation, amount);
    }
  }

  /** Sagas that changed something. */
  get sagas(): Iterable<string> {
    return this.standing.keys();
  }

  /** What is held, each in a sentence. */
  get held(): readonly string[] {
    return [...this.holdings].map(([what, transaction]) => `${what} is held by transaction ${transaction}`);
  }

  /** How many changes of a saga stand, by step or branch: those that were reversed do not. */
  of(saga: string): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const step of this.standing.get(saga)?.values() ?? []) counts[step] = (counts[step] ?? 0) + 1;
    return counts;
  }

  /** The sum of all changes of a kind of resource whose changes are numbers, over every saga: reversals count. */
  sumOf(resource: string): number {
    return this.sums.get(resource) ?? 0;
  }

  /** What a row holds, less what it applies or releases: a hold and its end may share a row. */
  private hold({ owner, stream, operations }: StoredRow, prepared: NonNullable<Body['prepared']>): void {
    const where = (operation: string): string => `${owner}: ${stream} ${operation}`;
    for (const [operation, { transaction }] of Object.entries(prepared))
      this.holdings.set(where(operation), transaction);
    for (const operation of operations) this.holdings.delete(where(operation));
  }

  private apply({ owner, stream }: StoredRow, operation: string, amount: unknown): void {
    const resource = stream.slice(0, stream.indexOf('/'));
    if (typeof amount === 'number') this.sums.set(resource, this.sumOf(resource) + amount);
    const where = `${owner}: ${stream}`;
    const { saga, place, name, reverse } = OPERATION.exec(operation)?.groups ?? {};
    if (saga === undefined || name === undefined) return void this.strange.push(`${where} has ${operation}`);
    const changes = this.standing.get(saga) ?? new Map<string, string>();
    this.standing.set(saga, changes);
    const key = `${owner} ${stream} ${place}`;
    if (reverse === undefined) changes.set(key, name);
    else this.reverse(changes, key, `${where} reverses what is not there: ${operation}`);
  }

  private reverse(changes: Map<string, string>, key: string, otherwise: string): void {
    if (!changes.delete(key)) this.strange.push(otherwise);
  }
}

interface Body {
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly prepared?: Readonly<Record<string, { readonly transaction: string }>>;
}

function bodyOf({ body }: StoredRow): Body {
  const parsed = JSON.parse(body) as Body;
  return typeof parsed.changes === 'object' ? parsed : {};
}
