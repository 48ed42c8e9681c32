import type { JournalRow } from '@aura/kernel';
import { FULL_PURSE } from '../domain';
import type { Report } from '../violation';
import { performerOf } from './performer';

/** What a resource's row says. */
interface ResourceBody {
  readonly changes: Readonly<Record<string, number>>;
  readonly prepared?: Readonly<Record<string, Prepared>>;
}

interface Prepared {
  readonly change: number;
  readonly transaction: string;
}

/** A purse or vault: cents, and what transactions hold of it, by the operation that will apply it. */
interface Place {
  readonly name: string;
  readonly participant: string;
  readonly isVault: boolean;
  cents: number;
  readonly held: Map<string, Prepared>;
}

/** What is known of transactions beside what they hold. */
export interface Standings {
  decisionOf(transaction: string): 'committed' | 'aborted' | undefined;
  hasEnded(transaction: string): boolean;
  isByHand(saga: string, node: string): boolean;
  isWilling(transaction: string, branch: { readonly id: string; readonly participant: string }): boolean;
}

/** Follows what branches hold on purses and vaults, row by row. */
export class Holdings {
  readonly #places = new Map<string, Place>();

  constructor(
    private readonly transactions: Standings,
    private readonly report: Report,
  ) {}

  /** Whether nothing is prepared that is neither applied nor released. */
  get isEmpty(): boolean {
    return [...this.#places.values()].every(({ held }) => held.size === 0);
  }

  /** A row of a participant's journal. */
  onRow(participant: string, { body, operations, stream }: JournalRow): void {
    if (stream.startsWith('step/')) return;
    const place = this.#place(participant, stream);
    const { changes, prepared = {} } = JSON.parse(body) as ResourceBody;
    for (const operation of operations) {
      const change = changes[operation];
      const of = operation.replace(/\/prepare$/, '');
      const hold = of === operation ? undefined : prepared[of];
      if (change !== undefined) this.#onApplied(place, operation, change);
      else if (hold !== undefined) this.#onPrepared(place, of, hold);
      else this.#onReleased(place, operation);
    }
  }

  /** What ends a transaction is that every branch has done what was decided, but for those that a person answered for. */
  demandNoneOf(transaction: string): void {
    this.#reportHeld(
      (hold, operation) => hold.transaction === transaction && !this.#isByHand(operation),
      `${transaction} has ended`,
    );
  }

  /** Nothing must be left when all is quiet. */
  demandNone(): void {
    this.#reportHeld(() => true, 'all is quiet');
  }

  #place(participant: string, stream: string): Place {
    const name = `${participant} ${stream}`;
    const isVault = stream.includes('-vault/');
    const known = this.#places.get(name) ?? {
      name,
      participant,
      isVault,
      cents: FULL_PURSE,
      held: new Map(),
    };
    this.#places.set(name, known);
    return known;
  }

  #onPrepared(place: Place, operation: string, hold: Prepared): void {
    const { transaction } = hold;
    const { branch, saga, node } = performerOf(operation);
    const say = (why: string): void =>
      this.report(13, `${operation} is held on ${place.name}, and ${why}`, saga);
    const others = [...place.held.values()];
    if (place.isVault && others.some((other) => other.transaction !== transaction))
      say('so it is by another');
    if (
      branch !== undefined &&
      this.transactions.hasEnded(transaction) &&
      !this.transactions.isByHand(saga, node)
    )
      say('its transaction has ended');
    const promised = others.reduce((sum, { change }) => sum + Math.min(0, change), 0);
    if (hold.change < 0 && place.cents + promised + hold.change < 0)
      say(`of ${place.cents} there ${-promised} are promised and ${-hold.change} wanted`);
    place.held.set(operation, hold);
  }

  /** Only what is prepared and committed is applied. */
  #onApplied(place: Place, operation: string, change: number): void {
    place.cents += change;
    const { saga, transaction } = performerOf(operation);
    if (transaction === undefined || operation.endsWith('/reverse')) return;
    if (!place.held.delete(operation)) this.report(13, `${operation} is applied and was not prepared`, saga);
    if (this.transactions.decisionOf(transaction) !== 'committed')
      this.report(13, `${operation} is applied, and ${transaction} is not committed`, saga);
  }

  /** What somebody promised is released when it is aborted, or a person answered for it. */
  #onReleased({ held, participant }: Place, operation: string): void {
    if (!held.delete(operation)) return;
    const { saga, node, transaction = '', branch = '' } = performerOf(operation);
    if (this.transactions.decisionOf(transaction) === 'aborted' || this.transactions.isByHand(saga, node))
      return;
    if (this.transactions.isWilling(transaction, { id: branch, participant }))
      this.report(13, `${operation} is released, and ${transaction} is not aborted`, saga);
  }

  #reportHeld(isMeant: (hold: Prepared, operation: string) => boolean, when: string): void {
    for (const { held, name } of this.#places.values())
      for (const [operation, hold] of held)
        if (isMeant(hold, operation))
          this.report(13, `${when}, and ${operation} is still held on ${name}`, performerOf(operation).saga);
  }

  #isByHand(operation: string): boolean {
    const { saga, node } = performerOf(operation);
    return this.transactions.isByHand(saga, node);
  }
}
