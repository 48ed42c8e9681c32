import type { ParentRef } from '@aura/contracts';
import { sagaStream } from '@aura/kernel';
import type { DefinitionSpec } from '../definition-spec';

/** What of an entry in a saga's journal is looked at. */
export interface JournalEntry {
  readonly kind: string;
  readonly digest?: string;
  readonly step?: string;
  readonly steps?: readonly string[];
  readonly command?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly event?: { readonly id: string; readonly source?: string };
  /** Of a start: whose sub-saga it is, and whether it never begins. */
  readonly parent?: ParentRef;
  readonly isRefused?: boolean;
  /** Of a step that began in the coordinator. */
  readonly builtIn?: { readonly child?: string; readonly iteration?: number };
  /** Of a step's end, and what led to it. */
  readonly end?: string;
  readonly cause?: { readonly id: string };
  readonly error?: { readonly code: string };
  /** Of what is asked and answered. */
  readonly answer?: string;
  readonly by?: string;
  readonly epoch?: number;
  readonly mode?: 'undo' | 'ask';
  readonly run?: number;
  readonly again?: readonly string[];
}

/** One saga as its journal tells it. */
export class KnownSaga {
  isGivenUp = false;
  /** Steps that were asked how they ended before the saga went on without them. */
  readonly asked = new Set<string>();
  /** Steps about which a person decided: what stands of them is what he left. */
  readonly leftByPerson = new Set<string>();
  /** Steps whose effect a person left as it stands. */
  readonly skipped = new Set<string>();
  /** How steps have ended, in the run that goes on. */
  readonly ended = new Map<string, string>();

  constructor(readonly digest: string) {}

  /** Whether an entry asks for a step as if nobody had answered, though it has ended. */
  isAskedInVain({ kind, reason, step = '' }: JournalEntry): boolean {
    return kind === 'stepAsked' && reason === 'timeout' && this.ended.has(step);
  }

  /** Of an entry that completes the saga: its steps that have neither ended nor were left as they are by a person. */
  openAt(
    { kind, status }: JournalEntry,
    specOf: (digest: string) => DefinitionSpec | undefined,
  ): readonly string[] {
    if (kind !== 'ended' || status !== 'completed') return [];
    const steps = specOf(this.digest)?.steps.map(({ id }) => id) ?? [];
    return steps.filter((id) => !this.ended.has(id) && !this.leftByPerson.has(id));
  }

  take(entry: JournalEntry): void {
    const { kind, step = '' } = entry;
    if (kind === 'givenUp') this.isGivenUp = true;
    else if (kind === 'endAsked') this.asked.add(step);
    else if (kind === 'mended') this.#onMended(entry);
    else if (kind === 'runBegan') this.#onRun(entry);
    else if (kind === 'resumed' && entry.status === 'running') this.isGivenUp = false;
  }

  #onRun({ again = [] }: JournalEntry): void {
    this.isGivenUp = false;
    for (const id of again) {
      this.asked.delete(id);
      this.ended.delete(id);
    }
  }

  #onMended({ command, steps = [] }: JournalEntry): void {
    if (command === 'retry')
      for (const id of steps) if (this.ended.get(id) === 'failed') this.ended.delete(id);
    if (command === 'skip') steps.forEach((id) => this.skipped.add(id));
    if (command !== 'retry') steps.forEach((id) => this.leftByPerson.add(id));
  }
}

/** Reads the journals of all sagas as they are written. */
export class KnownSagas {
  readonly #sagas = new Map<string, KnownSaga>();

  constructor(private readonly specOf: (digest: string) => DefinitionSpec | undefined) {}

  /** Takes the entries of a row of a saga's journal; answers what is wrong with them, a sentence each. */
  onEntries(stream: string, entries: readonly JournalEntry[]): readonly string[] {
    return entries.flatMap((entry) => {
      if (entry.kind === 'started') this.#sagas.set(stream, new KnownSaga(entry.digest ?? ''));
      const saga = this.#sagas.get(stream);
      return saga === undefined ? [] : this.#onEntry(saga, entry);
    });
  }

  #onEntry(saga: KnownSaga, entry: JournalEntry): readonly string[] {
    const { end = '', kind, step = '' } = entry;
    const inVain = saga.isAskedInVain(entry)
      ? [`${step} is asked for as if nobody had answered, and has ended`]
      : [];
    const open = saga.openAt(entry, this.specOf);
    saga.take(entry);
    if (kind === 'stepEnded') saga.ended.set(step, end);
    return open.length === 0 ? inVain : [...inVain, `it completes while ${open.join(', ')} has not ended`];
  }

  find(saga: string): KnownSaga | undefined {
    return this.#sagas.get(sagaStream(saga));
  }

  /** The definition that a saga follows. */
  spec(saga: string): DefinitionSpec | undefined {
    const known = this.find(saga);
    return known && this.specOf(known.digest);
  }
}
