import { openSagaStatus } from '@aura/contracts';
import type { JsonValue } from '@aura/contracts';
import type { StoredRow } from './stored-row';

interface Entry {
  readonly kind: string;
  readonly status?: string;
  readonly trigger?: { readonly source: string; readonly id: string };
}

/** States in which a saga waits for a person, and says so. */
const WAITS: readonly string[] = [openSagaStatus.enum.suspended, openSagaStatus.enum.compensation_failed];

/** A saga as its rows tell it, folded by the auditor: no view is asked, and none of Aura's folds. */
export class StoredSaga {
  input: JsonValue = null;
  trigger: string | undefined;
  /** Every end that was ever decided; a saga has one. */
  readonly ends: string[] = [];
  private stopped: string | undefined;
  private seq = 0;
  private readonly gaps: string[] = [];

  constructor(readonly id: string) {}

  /** Takes the rows in order. */
  take(row: StoredRow): void {
    if (row.seq !== this.seq + 1) this.gaps.push(`${this.seq}-${row.seq}`);
    this.seq = row.seq;
    const payload = JSON.parse(row.payload ?? '{}') as Readonly<Record<number, JsonValue>>;
    (JSON.parse(row.body) as readonly Entry[]).forEach((entry, n) => this.takeEntry(entry, payload[n]));
  }

  /** How it ended; else what it waits for as `waits: <status>`; else `open`. */
  get standing(): string {
    return this.ends[0] ?? (this.stopped === undefined ? 'open' : `waits: ${this.stopped}`);
  }

  get hasEnded(): boolean {
    return this.ends.length > 0;
  }

  /** What is wrong with its rows alone. */
  faults(): readonly string[] {
    return [
      ...this.gaps.map((gap) => `saga ${this.id} has a gap in its journal: ${gap}`),
      ...(this.ends.length > 1 ? [`saga ${this.id} ended more than once: ${this.ends.join(', ')}`] : []),
    ];
  }

  private takeEntry(entry: Entry, payload: JsonValue | undefined): void {
    const { kind, status = '' } = entry;
    if (kind === 'started') this.begin(entry, payload);
    if (kind === 'ended') this.ends.push(status);
    if (kind === 'stopped') this.stopped = WAITS.includes(status) ? status : undefined;
    if (kind === 'resumed') this.stopped = undefined;
  }

  private begin({ trigger }: Entry, payload: JsonValue | undefined): void {
    this.input = payload ?? null;
    if (trigger !== undefined) this.trigger = `${trigger.source} ${trigger.id}`;
  }
}
