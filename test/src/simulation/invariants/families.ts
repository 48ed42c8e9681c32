import type { ParentRef } from '@aura/contracts';
import { sagaIdOfChild } from '@aura/kernel';
import type { DefinitionSpec } from '../definition-spec';
import type { Report } from '../violation';
import { FamilyMember } from './family-member';
import type { BegunChild } from './family-member';
import { isForPerson } from './held-up';
import type { JournalEntry } from './known-sagas';

/** Follows sagas and their sub-sagas row by row: who performs a step, who told whom to stop, and what that came to. */
export class Families {
  readonly #members = new Map<string, FamilyMember>();
  readonly #children = new Set<string>();
  readonly #askedFor = new Set<string>();

  constructor(
    private readonly specOf: (digest: string) => DefinitionSpec | undefined,
    private readonly report: Report,
  ) {}

  /** Every sub-saga that was opened. */
  get children(): ReadonlySet<string> {
    return this.#children;
  }

  get members(): Iterable<FamilyMember> {
    return this.#members.values();
  }

  find(saga: string): FamilyMember | undefined {
    return this.#members.get(saga);
  }

  /** Whether some saga asked for a sub-saga of this id. */
  isAskedFor(saga: string): boolean {
    return this.#askedFor.has(saga);
  }

  /** Whether a sub-saga of a saga has ended and it has not taken that yet. */
  isToHear(member: FamilyMember): boolean {
    for (const step of member.awaited)
      if (this.#members.get(member.newest(step)?.child ?? '')?.hasEnded === true) return true;
    return false;
  }

  /** The saga that a client or an event started, of whose family a saga is. */
  rootOf(saga: string): string {
    const parent = this.#members.get(saga)?.parent;
    return parent === undefined ? saga : this.rootOf(parent.saga);
  }

  /** Whether a saga runs, and a sub-saga that it waits for waits for a person. */
  isHeldUp(saga: string): boolean {
    const member = this.#members.get(saga);
    if (member?.status !== 'running') return false;
    for (const step of member.begun.keys())
      if (this.isForPerson(member.newest(step)?.child ?? '')) return true;
    return false;
  }

  /** Whether a saga waits for a person, or for a sub-saga that does. */
  isForPerson(saga: string): boolean {
    return isForPerson(this.#statusOf(saga)) || this.isHeldUp(saga);
  }

  /** Codes of all that went wrong in the sub-sagas of a saga, or of one step, and in those below them. */
  codesBelow(saga: string, step?: string): ReadonlySet<string> {
    const codes = new Set<string>();
    for (const [place, children] of this.#members.get(saga)?.begun ?? [])
      if (step === undefined || step === place)
        children.flatMap(({ child }) => this.#codesIn(child)).forEach((code) => codes.add(code));
    return codes;
  }

  #codesIn(saga: string): readonly string[] {
    return [...(this.#members.get(saga)?.codes ?? []), ...this.codesBelow(saga)];
  }

  /** Takes the entries of a row of a saga's journal. */
  onEntries(stream: string, entries: readonly JournalEntry[]): void {
    const saga = stream.slice('saga/'.length);
    for (const entry of entries) this.#onEntry(saga, entry);
    const member = this.#members.get(saga);
    if (member !== undefined) this.#demandStopped(member);
  }

  #onEntry(saga: string, entry: JournalEntry): void {
    if (entry.kind === 'started') this.#onStarted(saga, entry);
    const member = this.#members.get(saga);
    if (member === undefined) return;
    this.#judge(member, entry);
    member.take(entry);
  }

  #judge(member: FamilyMember, entry: JournalEntry): void {
    switch (entry.kind) {
      case 'stepBegun':
        return this.#onBegun(member, entry);
      case 'stepEnded':
        return this.#onStepEnded(member, entry);
      case 'undoAnswered':
        return this.#onAnswered(member, entry);
      case 'parentAsked':
        return this.#onAsked(member, entry);
      case 'givenUp':
        return this.#onGivenUp(member);
      case 'ended':
        if (member.hasEnded) this.report(2, `it was ${member.status} and is ${entry.status}`, member.id);
        return;
      default:
    }
  }

  #onStarted(saga: string, { digest = '', parent, isRefused }: JournalEntry): void {
    this.#members.set(saga, new FamilyMember(saga, parent, this.specOf(digest)));
    if (parent === undefined) return;
    this.#children.add(saga);
    this.#demandPlace(saga, parent);
    if (isRefused !== true) this.#demandAlone(saga, parent);
  }

  /** Every sub-saga was asked for, and has the id of its place: there is one of each place. */
  #demandPlace(saga: string, parent: ParentRef): void {
    if (saga !== sagaIdOfChild(parent, parent.iteration))
      this.#say(saga, 'has another id than its place in the family');
    if (!this.#begunAt(parent).some(({ child }) => child === saga))
      this.#say(saga, 'is opened and its parent did not ask for it');
  }

  /** Those before it have ended. */
  #demandAlone(saga: string, parent: ParentRef): void {
    for (const before of this.#begunAt(parent))
      if (isBefore(before, parent) && this.#goesOn(before, parent))
        this.#say(saga, `begins while ${before.child} performs the step`);
  }

  #begunAt({ saga, step }: ParentRef): readonly BegunChild[] {
    return this.#members.get(saga)?.begun.get(step) ?? [];
  }

  /** One at a time performs a step. */
  #onBegun(member: FamilyMember, { builtIn, step = '' }: JournalEntry): void {
    if (builtIn?.child === undefined) return;
    this.#askedFor.add(builtIn.child);
    const place = { saga: member.id, step, run: member.runOf(step) };
    for (const before of member.begun.get(step) ?? [])
      if (before.child !== builtIn.child && this.#goesOn(before, place))
        this.#say(member.id, `asks for ${builtIn.child} while ${before.child} performs step ${step}`);
  }

  /** Whether one before still performs a step; not where a person answered for the undo of its run. */
  #goesOn({ child, run }: BegunChild, now: Pick<ParentRef, 'saga' | 'step' | 'run'>): boolean {
    if (this.#members.get(child)?.hasEnded === true) return false;
    return run === now.run || this.#members.get(now.saga)?.left.has(now.step) !== true;
  }

  /** A step ends by the sub-saga that performs it, as that one ended. */
  #onStepEnded(member: FamilyMember, entry: JournalEntry): void {
    const { step = '' } = entry;
    const told = toldIn(entry);
    if (told === undefined) return;
    const { child, status } = told;
    const newest = member.newest(step)?.child;
    if (newest !== child) this.#say(member.id, `step ${step} ends by ${child}, and ${newest} performs it`);
    // The parent may have taken it back before it heard of the end.
    if (!this.#wasEver(child, status))
      this.#say(member.id, `step ${step} ends as ${child} is ${status}, and it is ${this.#statusOf(child)}`);
  }

  #wasEver(child: string, status: string): boolean {
    return this.#members.get(child)?.ends.some((one) => one === status) === true;
  }

  /** Who is told that nothing stands of a step is told the truth. */
  #onAnswered({ begun, id }: FamilyMember, { answer, by, run, step = '' }: JournalEntry): void {
    if (by !== 'participant' || answer === 'failed') return;
    for (const one of begun.get(step) ?? [])
      if (one.run === run && !this.#isOver(one.child))
        this.#say(
          id,
          `undo of ${step} is answered by ${answer}, and ${one.child} is ${this.#statusOf(one.child)}`,
        );
  }

  /** Only a parent that asked for it stops a sub-saga, and that of a later round before. */
  #onAsked({ id, parent }: FamilyMember, entry: JournalEntry): void {
    if (parent === undefined) return this.#say(id, 'is told to stop and has no parent');
    this.#demandAsked(id, parent, entry);
    for (const one of this.#begunAt(parent))
      if (one.run === parent.run && one.iteration > parent.iteration && !this.#isOver(one.child))
        this.#say(id, `is told to stop while ${one.child} behind it is ${this.#statusOf(one.child)}`);
  }

  #demandAsked(id: string, parent: ParentRef, { epoch = 0, mode }: JournalEntry): void {
    const asked = this.#askedAt(parent);
    if (asked.epoch < epoch) this.#say(id, `is told to stop by nobody (epoch ${epoch})`);
    if (mode === 'undo' && !asked.isUndo && !this.#isRepeated(parent))
      this.#say(id, 'is undone and was only asked');
  }

  #askedAt({ saga, step, run }: ParentRef): { readonly epoch: number; readonly isUndo: boolean } {
    return this.#members.get(saga)?.askedOf(step, run) ?? NOTHING_ASKED;
  }

  /** What is repeated is undone as a whole. */
  #isRepeated({ saga, step }: ParentRef): boolean {
    return this.#members.get(saga)?.sagaOf(step)?.repeat !== undefined;
  }

  /** Only its parent takes back what has completed. */
  #onGivenUp({ asked, hasEnded: isOver, id, status }: FamilyMember): void {
    if (!isOver) return;
    if (status !== 'completed') this.report(2, `it was ${status} and is given up`, id);
    if (asked !== 'undo') this.#say(id, 'is taken back and its parent did not ask for it');
  }

  /** A sub-saga that was told to stop does not go on, unless it can only complete. */
  #demandStopped({ asked, id, isCommitted, status }: FamilyMember): void {
    if (asked !== undefined && (status === 'running' || status === 'suspended') && !isCommitted)
      this.#say(id, `goes on (${status}) though its parent told it to stop`);
  }

  #isOver(child: string): boolean {
    return this.#members.get(child)?.isOver === true;
  }

  #statusOf(child: string): FamilyMember['status'] | undefined {
    return this.#members.get(child)?.status;
  }

  #say(saga: string, message: string): void {
    this.report(14, `${saga} ${message}`, saga);
  }
}

/** Id of the event by which a sub-saga tells its end. */
const SUB_SAGA_END = /^saga\/([^/]+)\/ended\/(\w+)$/;

/** The sub-saga by which a step ends, and how that one ended. */
function toldIn({
  cause,
  end,
  event,
}: JournalEntry): { readonly child: string; readonly status: string } | undefined {
  const [, child, status] = SUB_SAGA_END.exec((end === 'completed' ? event?.id : cause?.id) ?? '') ?? [];
  return child === undefined || status === undefined ? undefined : { child, status };
}

const NOTHING_ASKED = { epoch: 0, isUndo: false };

function isBefore({ iteration, run }: BegunChild, parent: ParentRef): boolean {
  return run < parent.run || (run === parent.run && iteration < parent.iteration);
}
