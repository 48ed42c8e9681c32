import type { CloudEvent, ErrorRecord, JsonValue } from '@aura/contracts';
import { StoreUnavailableError, stepStream } from '@aura/kernel';
import type { Clock, Journal, JournalRow, StepKey } from '@aura/kernel';
import type { ResourceClaim, ResourceType } from '../participant/action';
import { endIn, recordEnd } from './recorded-end';
import type { RecordedEnd } from './recorded-end';
import { ResourceWriter } from './resource-writer';

/** What an action decided: what it wants, and the input it decided on. A later trigger continues the first claim. */
export interface Claim {
  readonly input: JsonValue;
  readonly resources: readonly ResourceClaim[];
}

/** A claim with what it changed. */
export type AppliedClaim = ResourceClaim & { readonly change: JsonValue };

/** The action's part in passing the barrier. */
export interface Passage {
  readonly key: StepKey;
  /** Decides what the action wants; asked only when no claim stands. */
  claim(): Promise<Claim>;
  /** The events that end the step after everything was applied. */
  applied(claim: Claim, changes: readonly AppliedClaim[]): readonly CloudEvent[];
  /** The events that end the step when a resource refused. */
  refused(error: Pick<ErrorRecord, 'code' | 'message' | 'help'>): readonly CloudEvent[];
}

/** A claim that stands, the rows it stands in, and how often its writers had loaded before it was appended here. */
interface StandingClaim {
  readonly claim: Claim;
  readonly rows: readonly JournalRow[];
  readonly loads: readonly number[];
}

/** How often racing first triggers of one step may beat each other before it counts as the store's fault. */
const MOST_RACES = 50;
/** Idle writers kept for the next claim. */
const MOST_WRITERS = 10_000;

/**
 * The barrier at a participant: claim, one row in each resource's journal, outcome. A crash anywhere is continued from
 * the claim; what stands is answered as it stands. Invariant: an effect is behind its claim, an outcome behind its effects.
 */
export class Barrier {
  private readonly writers = new Map<string, ResourceWriter<unknown>>();

  constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly types: ReadonlyMap<string, ResourceType<unknown>>,
  ) {}

  /** Passes a step through, once in effect; answers its recorded end. */
  async pass(passage: Passage): Promise<RecordedEnd> {
    const stream = stepStream(passage.key);
    for (let race = 0; race < MOST_RACES; race++) {
      const rows = await this.journal.read(stream);
      const end = endIn(rows);
      if (end !== undefined) return this.finishReversal(passage.key, rows, end);
      const standing = claimIn(rows);
      if (standing !== undefined) return this.continueClaim(passage, { claim: standing, rows, loads: [] });
      const claim = await passage.claim();
      const row = this.claimRow(stream, claim);
      const loads = claim.resources.map((resource) => this.writer(resource).loads);
      const [result] = await this.journal.append([row]);
      if (result === 'appended') return this.continueClaim(passage, { claim, rows: [row], loads });
    }
    throw new StoreUnavailableError(`the journal of ${stream} gave no place in ${MOST_RACES} tries`);
  }

  private claimRow(stream: string, claim: Claim): JournalRow {
    return {
      stream,
      seq: 1,
      at: this.clock.now(),
      operations: ['claim'],
      body: JSON.stringify({ kind: 'claim', resources: claim.resources }),
      payload: JSON.stringify(claim.input),
    };
  }

  private async continueClaim(passage: Passage, { claim, rows, loads }: StandingClaim): Promise<RecordedEnd> {
    const operation = stepStream(passage.key);
    const changes: AppliedClaim[] = [];
    for (const [n, resource] of claim.resources.entries()) {
      const want = { kind: 'claim', amount: resource.amount } as const;
      const loadsBefore = loads[n];
      const fresh = loadsBefore === undefined ? {} : { loadsBeforeClaim: loadsBefore };
      const applied = await this.writer(resource).apply({ id: `${operation}/${n}`, want, ...fresh });
      if (applied.kind === 'refused') return this.refuse(passage, applied.error, rows);
      changes.push({ ...resource, change: applied.change });
    }
    const events = passage.applied(claim, changes);
    return recordEnd(this.journal, passage.key, { events }, { nowMs: this.clock.now(), rows });
  }

  /** The refusal is recorded first: from then on nothing more is applied, and what was is taken back. */
  private async refuse(
    passage: Passage,
    error: Pick<ErrorRecord, 'code' | 'message' | 'help'>,
    rows: readonly JournalRow[],
  ): Promise<RecordedEnd> {
    const end = { events: passage.refused(error) };
    const recorded = await recordEnd(this.journal, passage.key, end, { nowMs: this.clock.now(), rows });
    return this.finishReversal(passage.key, rows, recorded);
  }

  /** Takes back what a refused claim had applied before the refusing resource; nothing for an end that was applied. */
  private async finishReversal(
    key: StepKey,
    rows: readonly JournalRow[],
    end: RecordedEnd,
  ): Promise<RecordedEnd> {
    const claim = claimIn(rows);
    if (claim === undefined || claim.resources.length < 2 || !isRefusal(end)) return end;
    const operation = stepStream(key);
    for (const [n, resource] of claim.resources.entries()) {
      const row = await this.journal.findOperation(`${resource.type}/${resource.id}`, `${operation}/${n}`);
      if (row === undefined) continue;
      const { changes } = JSON.parse(row.body) as { readonly changes: Readonly<Record<string, JsonValue>> };
      const change = changes[`${operation}/${n}`];
      if (change === undefined) continue;
      await this.writer(resource).apply({
        id: `${operation}/${n}/reverse`,
        want: { kind: 'reverse', change },
      });
    }
    return end;
  }

  private writer(resource: ResourceClaim): ResourceWriter<unknown> {
    const name = `${resource.type}/${resource.id}`;
    const kept = this.writers.get(name);
    if (kept !== undefined) return kept;
    const type = this.types.get(resource.type);
    if (type === undefined)
      throw new TypeError(`an action claims ${name}, but declares no resource type ${resource.type}`);
    if (this.writers.size >= MOST_WRITERS) this.forgetIdle();
    const writer = new ResourceWriter(this.journal, this.clock, type, resource.id);
    this.writers.set(name, writer);
    return writer;
  }

  private forgetIdle(): void {
    for (const [name, writer] of this.writers) if (writer.isIdle) this.writers.delete(name);
  }
}

function claimIn(rows: readonly JournalRow[]): Claim | undefined {
  const row = rows.find(({ operations }) => operations.includes('claim'));
  if (row === undefined) return undefined;
  const { resources } = JSON.parse(row.body) as { readonly resources: readonly ResourceClaim[] };
  return { resources, input: JSON.parse(row.payload ?? 'null') as JsonValue };
}

function isRefusal(end: RecordedEnd): boolean {
  return end.events.some(({ type }) => type === 'ai.aura.step.failed.v1');
}
