import type { CloudEvent, ErrorRecord, JsonValue } from '@aura/contracts';
import { stepFailed } from '@aura/contracts';
import { BusinessError, StoreUnavailableError, stepStream, TerminalError } from '@aura/kernel';
import type { Clock, Journal, JournalRow, StepKey } from '@aura/kernel';
import type { ResourceClaim, ResourceType } from '../participant/action';
import { LoadCount } from './load-count';
import { endIn, recordEnd, recordEndNext } from './recorded-end';
import type { RecordedEnd } from './recorded-end';
import { ResourceWriter } from './resource-writer';

/** What an action decided: what it wants, and the input it decided on. A later trigger continues the first claim. */
export interface Claim {
  readonly input: JsonValue;
  readonly resources: readonly ResourceClaim[];
}

/** A claim with what it changed. */
export type AppliedClaim = ResourceClaim & { readonly change: JsonValue };

/** Why something is refused. */
export type Refusal = Pick<ErrorRecord, 'code' | 'message' | 'help'>;

/** What stood of a step when the barrier was asked. */
export interface Standing {
  /** Rows of the step's stream. */
  readonly rows: readonly JournalRow[];
  /** The count of loads from before the rows were read; see {@link LoadCount}. */
  readonly asked: number;
}

/** For steps that stand nowhere: pure ones, whose end is not recorded. */
export const NOTHING_STANDS: Standing = Object.freeze({ rows: [], asked: 0 });

/** The action's part in passing the barrier. */
export interface Passage {
  readonly key: StepKey;
  /** What stood when the barrier was asked. */
  readonly standing: Standing;
  /** Decides what the action wants; asked only when no claim stands. A `BusinessError` is a refusal and ends the step. */
  claim(): Promise<Claim>;
  /** The events that end the step after everything was applied. A `BusinessError` is a refusal: all is taken back. */
  applied(claim: Claim, changes: readonly AppliedClaim[]): readonly CloudEvent[];
  /** The events that end the step when the action or a resource refused. */
  refused(refusal: Refusal): readonly CloudEvent[];
}

/** A claim that stands and the rows it stands in; `asked` when this call appended it. */
interface StandingClaim {
  readonly claim: Claim;
  readonly rows: readonly JournalRow[];
  readonly asked?: number;
}

/** How often racing first triggers of one step may beat each other before it counts as the store's fault. */
const MOST_RACES = 50;
/** Idle writers kept for the next claim. */
const MOST_WRITERS = 10_000;

/**
 * The barrier at a participant: claim, one row in each resource's journal, outcome. A crash anywhere is continued from
 * the claim; what stands is answered as it stands. Invariants: an effect is behind its claim, an outcome behind its
 * effects; behind a refusal, whoever finds an effect of the step takes it back, once.
 */
export class Barrier {
  private readonly writers = new Map<string, ResourceWriter<unknown>>();
  private readonly loads = new LoadCount();

  constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly types: ReadonlyMap<string, ResourceType>,
    private readonly mostWriters = MOST_WRITERS,
  ) {}

  /** Asks what stands of a step; to be done before any rule is evaluated. */
  async ask(key: StepKey): Promise<Standing> {
    const asked = this.loads.value;
    return { rows: await this.journal.read(stepStream(key)), asked };
  }

  /** Passes a step through, once in effect; answers its recorded end. */
  async pass(passage: Passage): Promise<RecordedEnd> {
    let { standing } = passage;
    for (let race = 0; race < MOST_RACES; race++) {
      const end = (await this.goOn(passage, standing)) ?? (await this.begin(passage, standing));
      if (end !== undefined) return end;
      standing = await this.ask(passage.key);
    }
    throw new StoreUnavailableError(
      `the journal of ${stepStream(passage.key)} gave no place in ${MOST_RACES} tries`,
    );
  }

  /** Goes on from the end or the claim that stands; undefined when neither does. */
  private async goOn(passage: Passage, { rows }: Standing): Promise<RecordedEnd | undefined> {
    const claim = claimIn(rows);
    const end = endIn(rows);
    if (end !== undefined) return this.keptTo(passage.key, claim, end);
    return claim === undefined ? undefined : this.continueClaim(passage, { claim, rows });
  }

  /** The first row of a step: its claim, or the refusal to make one; undefined when another trigger was first. */
  private async begin(passage: Passage, { rows, asked }: Standing): Promise<RecordedEnd | undefined> {
    const wanted = await refusalOr(() => passage.claim());
    if ('refused' in wanted) {
      const end = { events: passage.refused(wanted.refused) };
      const isFirst = await recordEndNext(this.journal, passage.key, end, { nowMs: this.clock.now(), rows });
      return isFirst ? end : undefined;
    }
    const claim = wanted.made;
    claim.resources.forEach((resource) => this.writer(resource));
    const row = this.claimRow(passage.key, claim, rows);
    const [result] = await this.journal.append([row]);
    if (result !== 'appended') return undefined;
    return this.continueClaim(passage, { claim, rows: [...rows, row], asked });
  }

  private claimRow(key: StepKey, claim: Claim, rows: readonly JournalRow[]): JournalRow {
    return {
      stream: stepStream(key),
      seq: rows.length + 1,
      at: this.clock.now(),
      operations: [CLAIM],
      body: JSON.stringify({ kind: 'claim', resources: claim.resources }),
      payload: JSON.stringify(claim.input),
    };
  }

  private async continueClaim(passage: Passage, { claim, rows, asked }: StandingClaim): Promise<RecordedEnd> {
    const { key } = passage;
    const events = await this.eventsOf(passage, claim, asked);
    const end = await recordEnd(this.journal, key, { events }, { nowMs: this.clock.now(), rows });
    return this.keptTo(key, claim, end);
  }

  /** Applies the claim and makes the events of the end: the outcome, or the refusal of a resource or of the action. */
  private async eventsOf(
    passage: Passage,
    claim: Claim,
    asked: number | undefined,
  ): Promise<readonly CloudEvent[]> {
    const changes: AppliedClaim[] = [];
    for (const [n, resource] of claim.resources.entries()) {
      const want = { kind: 'claim', amount: resource.amount } as const;
      const id = operationOn(passage.key, n);
      const applied = await this.writer(resource).apply({
        id,
        want,
        ...(asked === undefined ? {} : { asked }),
      });
      if (applied.kind === 'refused') return passage.refused(applied.error);
      changes.push({ ...resource, change: applied.change });
    }
    const outcome = await refusalOr(() => passage.applied(claim, changes));
    return 'refused' in outcome ? passage.refused(outcome.refused) : outcome.made;
  }

  /**
   * Sees to it that nothing of a refused claim stays applied, in reverse order. Also another trigger that went on
   * beside the refusing one may have applied something: each comes through here behind its own last effect.
   */
  private async keptTo(key: StepKey, claim: Claim | undefined, end: RecordedEnd): Promise<RecordedEnd> {
    if (claim === undefined || !isRefusal(end)) return end;
    for (const [n, resource] of [...claim.resources.entries()].reverse()) {
      const id = operationOn(key, n);
      const writer = this.writer(resource);
      const change = await writer.applied(id);
      if (change !== undefined)
        await writer.apply({ id: `${id}/reverse`, want: { kind: 'reverse', change } });
    }
    return end;
  }

  private writer(resource: ResourceClaim): ResourceWriter<unknown> {
    const name = `${resource.type}/${resource.id}`;
    const kept = this.writers.get(name);
    if (kept !== undefined) return kept;
    const type = this.types.get(resource.type);
    if (type === undefined) throw undeclared(name, resource.type);
    if (this.writers.size >= this.mostWriters) this.forgetIdle();
    const { journal, clock, loads } = this;
    const writer = new ResourceWriter({ journal, clock, loads }, type, resource.id);
    this.writers.set(name, writer);
    return writer;
  }

  private forgetIdle(): void {
    for (const [name, writer] of this.writers) if (writer.isIdle) this.writers.delete(name);
  }
}

/** Operation of a claim in its step's stream. */
const CLAIM = 'claim';

/** Key of a claim's n-th resource in that resource's journal. */
function operationOn(key: StepKey, n: number): string {
  return `${stepStream(key)}/${n}`;
}

function claimIn(rows: readonly JournalRow[]): Claim | undefined {
  const row = rows.find(({ operations }) => operations.includes(CLAIM));
  if (row === undefined) return undefined;
  const { resources } = JSON.parse(row.body) as { readonly resources: readonly ResourceClaim[] };
  return { resources, input: JSON.parse(row.payload ?? 'null') as JsonValue };
}

function isRefusal({ events }: RecordedEnd): boolean {
  return events.some(({ type }) => type === stepFailed.type);
}

async function refusalOr<T>(
  work: () => Promise<T> | T,
): Promise<{ readonly refused: Refusal } | { readonly made: T }> {
  try {
    return { made: await work() };
  } catch (error) {
    if (!(error instanceof BusinessError)) throw error;
    const { code, message, help } = error;
    return { refused: { code, message, help } };
  }
}

function undeclared(name: string, type: string): TerminalError {
  return new TerminalError(`an action claims ${name}, but declares no resource type ${type}`, {
    code: 'UNDECLARED_RESOURCE',
    help: 'Add the resource type to the `resources` of the action.',
  });
}
