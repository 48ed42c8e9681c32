import { hasEnded, sagaStatus } from '@aura/contracts';
import type { ParentRef, SagaStatus } from '@aura/contracts';
import { hasEffect, isPivot } from '../definition-spec';
import type { DefinitionSpec, SubSagaSpec } from '../definition-spec';
import type { JournalEntry } from './known-sagas';

/** A sub-saga that a saga asked for. */
export interface BegunChild {
  readonly child: string;
  readonly run: number;
  readonly iteration: number;
}

/** What a saga asked last of the sub-sagas of a step in a run. */
interface Asked {
  readonly epoch: number;
  readonly isUndo: boolean;
}

/** One saga as a part of its family, as its journal tells it. */
export class FamilyMember {
  status: SagaStatus = 'running';
  /** How it ended; more than once when its parent took it back, or a person had it run again. */
  readonly ends: SagaStatus[] = [];
  /** What its parent asked for last. */
  asked: 'undo' | 'ask' | undefined;
  /** Whether it had completed when its parent gave it up. */
  wasTakenBack = false;
  /** Whether it never began. */
  wasRefused = false;
  /** Whether a step took effect that has no undo. */
  isCommitted = false;
  #hasEffects = false;
  /** Codes of all that went wrong in it, whatever became of that later; what its parent says is not its own. */
  readonly codes = new Set<string>();
  /** Steps for whose undo a person answered: what their sub-sagas still do is theirs alone. */
  readonly left = new Set<string>();
  /** How often a person had a step tried again. */
  readonly retries = new Map<string, number>();
  /** How often it ran again from a step, and once. */
  run = 1;
  readonly #begun = new Map<string, BegunChild[]>();
  readonly #awaited = new Set<string>();
  readonly #asked = new Map<string, Asked>();
  readonly #runs = new Map<string, number>();

  constructor(
    readonly id: string,
    readonly parent: ParentRef | undefined,
    readonly spec: DefinitionSpec | undefined,
  ) {}

  get hasEnded(): boolean {
    return hasEnded(this.status);
  }

  /** Whether nothing stands of it and nothing goes on: what changes nothing may stay completed. */
  get isOver(): boolean {
    return this.hasEnded && (this.status !== 'completed' || !this.#hasEffects);
  }

  /** Every sub-saga that was asked for, by step. */
  get begun(): ReadonlyMap<string, readonly BegunChild[]> {
    return this.#begun;
  }

  /** Steps that a sub-saga performs and that have not ended. */
  get awaited(): ReadonlySet<string> {
    return this.#awaited;
  }

  /** The sub-saga that performs a step. */
  newest(step: string): BegunChild | undefined {
    return this.#begun.get(step)?.at(-1);
  }

  /** What performs a step, as the definition says. */
  sagaOf(step: string): SubSagaSpec | undefined {
    return this.spec?.steps.find(({ id }) => id === step)?.saga;
  }

  runOf(step: string): number {
    return this.#runs.get(step) ?? 1;
  }

  /** What was asked last of the sub-sagas of a step. */
  askedOf(step: string, run: number): Asked | undefined {
    return this.#asked.get(`${step}/${run}`);
  }

  take(entry: JournalEntry): void {
    const isOwn = this.asked === undefined || OF_ITS_UNDO.includes(entry.kind);
    if (isOwn && entry.error !== undefined) this.codes.add(entry.error.code);
    if (isOwn && entry.status === 'cancelled') this.codes.add('CANCELLED');
    TAKING[entry.kind]?.(this, entry);
  }

  begin(step: string, { child, iteration }: Omit<BegunChild, 'run'>): void {
    const all = this.#begun.get(step) ?? [];
    this.#begun.set(step, all);
    this.#awaited.add(step);
    if (all.at(-1)?.child !== child) all.push({ child, iteration, run: this.runOf(step) });
  }

  end(step: string): void {
    this.#awaited.delete(step);
  }

  ask(step: string, { run = this.runOf(step), epoch = 0, kind }: JournalEntry): void {
    this.#asked.set(`${step}/${run}`, { epoch, isUndo: kind === 'undoAsked' });
  }

  enter(status: string | undefined): void {
    this.status = sagaStatus.parse(status);
    if (this.hasEnded) this.ends.push(this.status);
  }

  runAgain({ again = [], run = 1 }: JournalEntry): void {
    this.status = 'running';
    this.run = run;
    for (const step of again) this.#runs.set(step, run);
  }

  /** A step took effect, or the fallback of one. */
  applied(node: string): void {
    const [id, fallback] = node.split('.');
    const step = this.spec?.steps.find((one) => one.id === id);
    if (step === undefined) return;
    this.#hasEffects ||= fallback === undefined ? hasEffect(step) : step.policy === 'fallbackStateful';
    this.isCommitted ||= isPivot(step);
  }
}

/** Entries that tell what went wrong here also where the parent said why it is given up. */
const OF_ITS_UNDO: readonly string[] = ['stopped', 'undoAnswered'];

type Take = (member: FamilyMember, entry: JournalEntry) => void;

const entering: Take = (member, { status }) => member.enter(status);
const asking: Take = (member, entry) => member.ask(entry.step ?? '', entry);

const TAKING: Readonly<Record<string, Take>> = {
  started: (member, { isRefused }) => (member.wasRefused = isRefused === true),
  ended: entering,
  stopped: entering,
  resumed: entering,
  mended: ({ left, retries }, { command, steps = [] }) => {
    if (command === 'skip' || command === 'resolve') steps.forEach((step) => left.add(step));
    if (command === 'retry') steps.forEach((step) => retries.set(step, (retries.get(step) ?? 0) + 1));
  },
  rerunAsked: (member) => (member.status = 'compensating'),
  runBegan: (member, entry) => member.runAgain(entry),
  givenUp: (member) => {
    member.wasTakenBack = member.status === 'completed';
    member.status = 'compensating';
  },
  parentAsked: (member, { mode }) => (member.asked = mode),
  endAsked: asking,
  undoAsked: asking,
  stepBegun: (member, { builtIn, step = '' }) => {
    if (builtIn?.child !== undefined)
      member.begin(step, { child: builtIn.child, iteration: builtIn.iteration ?? 0 });
  },
  stepEnded: (member, { end, event, step = '' }) => {
    member.end(step);
    if (end === 'completed' && event?.source !== '/aura/coordinator') member.applied(step);
  },
};
