import type { ErrorRecord } from '@aura/contracts';
import { transactionId } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import type { OutboundMessage } from '@aura/messaging';
import { present } from '../machine/present';
import { NO_GAP } from '../machine/gap-since';
import type { GapSince } from '../machine/gap-since';
import { decideTransaction } from '../transaction/decide-transaction';
import type { Incarnation } from '../transaction/incarnation';
import type { TransactionInput } from '../transaction/transaction-input';
import { transactionMessages } from '../transaction/transaction-messages';
import { transactionEntries, transactionRow } from '../transaction/transaction-row';
import type { TransactionHead, TransactionState } from '../transaction/transaction-state';

const KEY = { saga: 's1', run: 1, step: 'reserve' };
/** Who decides by hand. */
export const ACTOR = { subject: 'ada', roles: [] };
/** Why a branch says no. */
export const NO: ErrorRecord = { kind: 'business', code: 'OUT_OF_STOCK', message: 'none left' };
const GIVEN_UP: ErrorRecord = { kind: 'business', code: 'NO', message: 'given up' };

function headOf(n = 1): TransactionHead {
  return {
    ...KEY,
    n,
    transaction: transactionId(KEY, n),
    digest: 'sha256:0',
    definition: 'reserve_look',
    partition: 3,
    epoch: 1,
  };
}

/** Its step is reached; `lastN`: how many transactions may follow one another. */
export const begin = (lastN = 1): TransactionInput => ({
  kind: 'begin',
  epoch: 1,
  terms: { prepareMs: 5000, lastN, emits: 'ai.aura.step.completed.v1' },
  branches: ['money', 'stock', 'outfit'].map((id) => ({
    id,
    participant: `${id}-service`,
    action: `hold-${id}`,
    input: { of: id },
  })),
});
/** A branch votes. */
export const vote = (
  branch: string,
  answer: 'yes' | 'no' | 'read-only' = 'yes',
  incarnation?: string,
): TransactionInput => ({
  kind: 'vote',
  branch,
  vote: answer,
  held: [],
  ...(answer === 'no' ? { error: NO } : { output: { held: branch } }),
  ...present({ incarnation }),
});
/** A branch has done what was decided; of what it applied it says the output. */
export const ack = (branch: string, decision: 'committed' | 'aborted' = 'committed'): TransactionInput => ({
  kind: 'acknowledge',
  branch,
  decision,
  ...(decision === 'committed' ? { output: { held: branch } } : {}),
});
/** A branch that is prepared asks for the decision; `incarnation`: by which it was prepared. */
export const ask = (branch: string, incarnation?: string): TransactionInput => ({
  kind: 'ask',
  branch,
  participant: `${branch}-service`,
  held: [{ type: 'thing', id: branch }],
  ...present({ incarnation }),
});
/** The saga goes on without the step. */
export const fence = (mode: 'undo' | 'ask' = 'undo', epoch = 1): TransactionInput => ({
  kind: 'fence',
  mode,
  epoch,
  error: GIVEN_UP,
});
/** A branch answers an undo. */
export const undone = (
  branch: string,
  answer: 'undone' | 'nothing' | 'failed' = 'undone',
  epoch = 1,
): TransactionInput => ({
  kind: 'undone',
  branch,
  epoch,
  answer,
  ...(answer === 'failed' ? { error: NO } : {}),
});
/** A timer is due. */
export const TIMER: TransactionInput = { kind: 'timer' };
/** The branches of the transaction. */
export const ALL = ['money', 'stock', 'outfit'];

/** A transaction under test: what it was told, its rows, and what they said. */
export class ToldTransaction {
  readonly rows: JournalRow[] = [];
  readonly said: OutboundMessage[] = [];
  state: TransactionState | undefined;
  now = 1000;
  /** Of the store. */
  incarnation: Incarnation = { id: 'made', isFirst: true };
  /** Whether the store may have forgotten what it knew. */
  mayBeForgotten = false;
  /** Time without a coordinator. */
  gapSince: GapSince = NO_GAP;

  constructor(
    private readonly n = 1,
    private readonly more: Partial<TransactionHead> = {},
  ) {}

  when(...inputs: readonly TransactionInput[]): this {
    const head = { ...headOf(this.n), ...this.more };
    const turn = decideTransaction(
      {
        before: this.state,
        head,
        now: this.now,
        gapSince: this.gapSince,
        incarnation: this.incarnation,
        mayBeForgotten: this.mayBeForgotten,
      },
      inputs,
    );
    const { entries, state } = turn;
    if (entries.length === 0 || state === undefined) return this;
    this.state = state;
    this.rows.push(transactionRow(state, entries, this.now));
    this.said.push(...transactionMessages(state, { entries, at: this.now }));
    return this;
  }

  after(ms: number): this {
    this.now += ms;
    return this;
  }

  get status(): string | undefined {
    return this.state?.status;
  }

  get kinds(): readonly string[] {
    return this.rows.flatMap((row) => transactionEntries(row).map(({ entry }) => entry.kind));
  }

  /** Types, short, with the branch where there is one, of what was said from a message on. */
  saidFrom(from = 0): readonly string[] {
    return this.said.slice(from).map(({ event }) => {
      const { branch } = event.data as { readonly branch?: string };
      const type = event.type.replace('ai.aura.', '').replace('.v1', '');
      return branch === undefined ? type : `${type} ${branch}`;
    });
  }
}

/** A transaction of which all but the last branch have said yes. */
export function prepared(): ToldTransaction {
  return new ToldTransaction().when(begin()).when(vote('money'), vote('stock'));
}

/** The store goes on as another incarnation, with what is written of the transaction so far. */
export function restored(told: ToldTransaction): ToldTransaction {
  told.incarnation = { id: 'restored', isFirst: false };
  return told;
}

/** A transaction that the restored store does not know, of a saga that it does. */
export function forgotten(): ToldTransaction {
  const told = restored(new ToldTransaction());
  told.mayBeForgotten = true;
  return told;
}

/** What was said by the first incarnation. */
export const old = (branch: string, answer: 'yes' | 'no' | 'read-only' = 'yes'): TransactionInput =>
  vote(branch, answer, 'made');
/** What is said since the store was restored. */
export const fresh = (branch: string, answer: 'yes' | 'no' | 'read-only' = 'yes'): TransactionInput =>
  vote(branch, answer, 'restored');
