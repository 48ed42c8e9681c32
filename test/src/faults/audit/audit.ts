import type { JsonValue } from '@aura/contracts';
import type { Told } from '../load-journal';
import { StoredEffects } from './stored-effects';
import { StoredSaga } from './stored-saga';
import { StoredTransaction } from './stored-transaction';
import type { StoredRow } from './stored-row';

/** What an audit finds. Each finding is a sentence; all lists are empty when nothing went wrong. */
export interface Findings {
  /** Sagas that have a journal, acknowledged or not. */
  readonly sagas: number;
  /** Transactions that have a journal. */
  readonly transactions: number;
  /** How many stand how: ended as what, or waiting for what. */
  readonly standings: Readonly<Record<string, number>>;
  /** Was acknowledged, confirmed or told, and is not so in the stores. */
  readonly lost: readonly string[];
  /** Stands more than once. */
  readonly doubled: readonly string[];
  /** Neither done nor undone, held and not released, or neither ended nor waiting for somebody. */
  readonly halfDone: readonly string[];
}

/** What the auditor must know of what was run. */
export interface Expectations {
  /** The changes that stand once a saga has completed, by step or branch, from its input. */
  effectsOf(input: JsonValue): Readonly<Record<string, number>>;
  /** Kinds of resource of which nothing is made and nothing is lost: their changes add up to nothing. */
  readonly conserved: readonly string[];
}

/** Journals of sagas are in the coordinator's namespace. */
const COORDINATOR = 'coordinator';
const SAGA = /^saga\/(?<id>[^/]+)$/;
const TRANSACTION = /^tx\/(?<id>.+)$/;

/** Joins what a load was told with what lies in the stores. Takes rows in the order of their streams. */
export class Audit {
  private readonly sagas = new Map<string, StoredSaga>();
  private readonly transactions = new Map<string, StoredTransaction>();
  private readonly effects = new StoredEffects();

  constructor(private readonly expectations: Expectations) {}

  take(row: StoredRow): void {
    if (row.owner !== COORDINATOR) return this.effects.take(row);
    const saga = SAGA.exec(row.stream)?.groups?.['id'];
    if (saga !== undefined) return this.sagaOf(saga).take(row);
    const transaction = TRANSACTION.exec(row.stream)?.groups?.['id'];
    if (transaction !== undefined) this.transactionOf(transaction).take(row);
  }

  /** Sagas that have neither ended nor wait for a person. */
  open(): readonly string[] {
    return [...this.sagas.values()].filter(({ standing }) => standing === 'open').map(({ id }) => id);
  }

  findings(told: readonly Told[]): Findings {
    const sagas = [...this.sagas.values()];
    const transactions = [...this.transactions.values()];
    const standings: Record<string, number> = {};
    for (const { standing } of sagas) standings[standing] = (standings[standing] ?? 0) + 1;
    return {
      sagas: sagas.length,
      standings,
      lost: told.flatMap((one) => this.lost(one)),
      transactions: transactions.length,
      doubled: [
        ...this.effects.twice,
        ...this.twins(told),
        ...sagas.flatMap((saga) => saga.faults()),
        ...transactions.flatMap((transaction) => transaction.doubled()),
      ],
      halfDone: [
        ...sagas.flatMap((saga) => this.halfDone(saga)),
        ...transactions.flatMap((transaction) => transaction.halfDone()),
        ...this.effects.held,
        ...this.unowned(),
        ...this.unbalanced(),
      ],
    };
  }

  private sagaOf(id: string): StoredSaga {
    const known = this.sagas.get(id) ?? new StoredSaga(id);
    this.sagas.set(id, known);
    return known;
  }

  private transactionOf(id: string): StoredTransaction {
    const known = this.transactions.get(id) ?? new StoredTransaction(id);
    this.transactions.set(id, known);
    return known;
  }

  private lost(told: Told): readonly string[] {
    const saga = this.sagas.get(told.saga);
    if (saga === undefined) return [`saga ${told.saga} was ${told.told} and has no journal`];
    if (told.told === 'confirmed' && saga.trigger !== `${told.source} ${told.id}`)
      return [`saga ${told.saga} was not started by the confirmed event ${told.id}`];
    if (told.told === 'ended' && !saga.ends.includes(told.status))
      return [`saga ${told.saga} was told as ${told.status} and stands as ${saga.standing}`];
    return [];
  }

  /** One start that became two sagas, one saga that was told with two ends, one event that started two. */
  private twins(told: readonly Told[]): readonly string[] {
    const seen = new Map<string, string>();
    const twins: string[] = [];
    const only = (what: string, is: string): void => {
      const before = seen.get(what) ?? is;
      if (before !== is) twins.push(`${what} is ${before} and ${is}`);
      seen.set(what, is);
    };
    for (const one of told) {
      if (one.told === 'started') only(`the saga of the start ${one.key}`, one.saga);
      if (one.told === 'ended') only(`the end of saga ${one.saga}`, one.status);
    }
    for (const { trigger, id } of this.sagas.values())
      if (trigger !== undefined) only(`the saga of the event ${trigger}`, id);
    return twins;
  }

  private halfDone(saga: StoredSaga): readonly string[] {
    const { id, standing } = saga;
    if (standing === 'open') return [`saga ${id} has neither ended nor waits for anybody`];
    if (!saga.hasEnded) return [];
    const wanted = standing === 'completed' ? this.expectations.effectsOf(saga.input) : {};
    const stands = this.effects.of(id);
    const steps = new Set([...Object.keys(wanted), ...Object.keys(stands)]);
    return [...steps]
      .filter((step) => (wanted[step] ?? 0) !== (stands[step] ?? 0))
      .map(
        (step) =>
          `saga ${id} is ${standing}, and of step ${step} ${stands[step] ?? 0} changes stand, not ${wanted[step] ?? 0}`,
      );
  }

  private unowned(): readonly string[] {
    const strangers = [...this.effects.sagas].filter((saga) => !this.sagas.has(saga));
    return [
      ...strangers.map((saga) => `saga ${saga} changed something and has no journal`),
      ...this.effects.strange,
    ];
  }

  private unbalanced(): readonly string[] {
    return this.expectations.conserved.flatMap((kind) => {
      const sum = this.effects.sumOf(kind);
      return sum === 0 ? [] : [`all changes of ${kind} come to ${sum}, not to 0`];
    });
  }
}
