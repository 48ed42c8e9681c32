import type { RebuildReport, RebuiltViews } from '@aura/contracts';
import { sagaStream, TerminalError } from '@aura/kernel';
import type { StreamHead, ViewRecord, ViewStore } from '@aura/kernel';
import { UnroutableError } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import type { SagaBook } from './book';
import type { BookedSaga } from './booked-saga';
import { DEFINITIONS_PARTITION, definitionView, foldDefinition } from './definition-record';
import type { DefinitionField } from './definition-record';
import { PARTITION_LEASES, partitionCount } from './partition-count';
import { forAll } from './for-all';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { sagaView } from './saga-view';
import type { SagaViewField } from './saga-view';
import type { BookedTransaction, TransactionBook } from './transactions/transaction-book';
import { transactionView } from './transactions/transaction-view';
import type { TransactionViewField } from './transactions/transaction-view';
import { waitViews } from './wait-views';
import type { WaitField } from './wait-views';
import { present } from '../machine/present';

/** Journals of one page. */
const PAGE = 200;
const SAGAS = 'saga/';
const TRANSACTIONS = 'tx/';

/** What a rebuild works with. */
export interface RebuildParts {
  readonly sagas: ViewStore<SagaViewField>;
  readonly definitions: ViewStore<DefinitionField>;
  readonly waits: ViewStore<WaitField>;
  readonly book: SagaBook;
  readonly transactions: ViewStore<TransactionViewField>;
  readonly transactionBook: Pick<TransactionBook, 'open' | 'published' | 'inMemory' | 'forget'>;
}

/** Counts of one kind while they are taken. */
type Counts = { -readonly [K in keyof RebuiltViews]: RebuiltViews[K] };

/**
 * Makes views again from their journals, the same byte for byte: those of sagas, of what they wait for, of their
 * transactions, and of definitions. What a saga or a transaction has said cannot be known without its view; it is said
 * again, with the same ids. Dead letters and held events are no views of a
 * journal, and stay as they are. Errors: `StoreUnavailableError`; begun again, it finishes what is left.
 */
export class Rebuild {
  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: Pick<CoordinatorOptions, 'partitions'>,
    private readonly parts: RebuildParts,
  ) {}

  /** Looks through all journals; a dry run changes nothing. */
  async run(dryRun: boolean): Promise<RebuildReport> {
    const definitions = await this.rebuildDefinitions(dryRun);
    return { dryRun, ...(await this.rebuildPartitions(dryRun)), definitions };
  }

  /** Puts the views of some sagas right, as their journals are now; answers how many were not. */
  async mend(sagas: readonly string[]): Promise<number> {
    const counts = none();
    const heads = await Promise.all(
      sagas.map(async (saga) => {
        const stream = sagaStream(saga);
        return { stream, seq: await this.ports.journal.head(stream) };
      }),
    );
    forgetOld(this.parts.book, heads, SAGAS);
    const booked = await this.parts.book.open(sagas);
    await forAll(booked.values(), (saga) => this.rebuildSaga(saga, counts, false));
    return counts.missing + counts.different;
  }

  private async rebuildDefinitions(dryRun: boolean): Promise<RebuiltViews> {
    const counts = none();
    for await (const heads of this.pages([DEFINITIONS_PARTITION])) {
      const rows = await this.ports.journal.readMany(heads.map(({ stream }) => stream));
      await forAll(rows.values(), async (own) => {
        counts.journals += 1;
        const record = foldDefinition(own);
        if (record === undefined) counts.unreadable += 1;
        else await this.compare(this.parts.definitions, definitionView(record), counts, dryRun);
      });
    }
    return counts;
  }

  private async rebuildPartitions(dryRun: boolean): Promise<Pick<RebuildReport, 'sagas' | 'transactions'>> {
    const [sagas, transactions] = [none(), none()];
    const count = partitionCount(this.options.partitions, await this.ports.leases.list(PARTITION_LEASES));
    const partitions = Array.from({ length: count }, (_value, n) => n);
    for await (const heads of this.pages(partitions)) {
      forgetOld(this.parts.book, heads, SAGAS);
      forgetOld(this.parts.transactionBook, heads, TRANSACTIONS);
      await this.rebuildSagas(idsOf(heads, SAGAS), sagas, dryRun);
      await forAll(idsOf(heads, TRANSACTIONS), (id) => this.rebuildTransaction(id, transactions, dryRun));
    }
    return { sagas, transactions };
  }

  private async rebuildSagas(ids: readonly string[], counts: Counts, dryRun: boolean): Promise<void> {
    counts.journals += ids.length;
    // What is in memory may know of a publication that no view has recorded.
    const booked = await this.parts.book.open(ids);
    counts.unreadable += ids.length - booked.size;
    await forAll(booked.values(), (saga) => this.rebuildSaga(saga, counts, dryRun));
  }

  private async rebuildTransaction(id: string, counts: Counts, dryRun: boolean): Promise<void> {
    const { transactions, transactionBook } = this.parts;
    counts.journals += 1;
    const booked = await this.readable(id);
    if (booked === undefined) return void (counts.unreadable += 1);
    const isSaid = !dryRun && (await this.say(booked.unpublished));
    const { state, publishedSeq } = isSaid ? transactionBook.published(booked) : booked;
    await this.compare(transactions, transactionView(state, publishedSeq), counts, dryRun);
  }

  /** A transaction as its journal folds; undefined when that cannot be read. */
  private async readable(id: string): Promise<BookedTransaction | undefined> {
    try {
      return await this.parts.transactionBook.open(id);
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      this.ports.log.error(`the journal of transaction ${id} cannot be folded`, { error });
      return undefined;
    }
  }

  private async rebuildSaga(saga: BookedSaga, counts: Counts, dryRun: boolean): Promise<void> {
    if (dryRun) {
      const { compiled, state, publishedSeq } = saga;
      return this.compare(this.parts.sagas, sagaView(compiled, state, publishedSeq), counts, dryRun);
    }
    // What a saga waits for is counted with it, and stands before anybody hears that it waits.
    for (const wait of waitViews(saga.compiled, saga.state))
      await this.compare(this.parts.waits, wait, none(), dryRun);
    const isSaid = await this.say(saga.unpublished);
    const { compiled, state, publishedSeq } = isSaid ? this.parts.book.published(saga) : saga;
    await this.compare(this.parts.sagas, sagaView(compiled, state, publishedSeq), counts, dryRun);
  }

  /** False when there is nobody to hear it, as when participants have not bound yet: its view then says so, and it is said later. */
  private async say(messages: readonly OutboundMessage[]): Promise<boolean> {
    try {
      if (messages.length > 0) await this.ports.bus.publish(messages);
      return true;
    } catch (error) {
      if (!(error instanceof UnroutableError)) throw error;
      this.ports.log.warn('what a rebuilt view has to say is left for later: nobody hears it yet', { error });
      return false;
    }
  }

  private async compare<F extends string>(
    store: ViewStore<F>,
    view: ViewRecord<F>,
    counts: Counts,
    dryRun: boolean,
  ): Promise<void> {
    const stored = await store.get(view.id);
    if (stored === undefined) counts.missing += 1;
    else if (stored.version > view.version || isSame(stored, view)) return;
    else counts.different += 1;
    if (dryRun) return;
    // One that differs in the same version would stand against its correction.
    if (stored?.version === view.version) await store.remove([view.id]);
    await store.put([view]);
  }

  private async *pages(partitions: readonly number[]): AsyncGenerator<readonly StreamHead[]> {
    let afterStream: string | undefined;
    for (;;) {
      const heads = await this.ports.journal.scan({
        partitions,
        since: 0,
        limit: PAGE,
        ...present({ afterStream }),
      });
      yield heads;
      afterStream = heads.at(-1)?.stream;
      if (heads.length < PAGE) return;
    }
  }
}

function idsOf(heads: readonly StreamHead[], prefix: string): readonly string[] {
  return heads.flatMap(({ stream }) => (stream.startsWith(prefix) ? [stream.slice(prefix.length)] : []));
}

/** Lets go of what another instance has appended to since: in memory it stands as it stood before. */
function forgetOld(
  book: Pick<SagaBook, 'forget'> & {
    inMemory(id: string): { readonly state: { readonly seq: number } } | undefined;
  },
  heads: readonly Pick<StreamHead, 'stream' | 'seq'>[],
  prefix: string,
): void {
  for (const { stream, seq } of heads) {
    const known = stream.startsWith(prefix) ? book.inMemory(stream.slice(prefix.length)) : undefined;
    if (known !== undefined && known.state.seq < seq) book.forget(stream.slice(prefix.length));
  }
}

function none(): Counts {
  return { journals: 0, missing: 0, different: 0, unreadable: 0 };
}

function isSame<F extends string>(stored: ViewRecord<F>, view: ViewRecord<F>): boolean {
  const isField = (field: string): boolean => stored.fields[field as F] === view.fields[field as F];
  return (
    stored.body === view.body && stored.version === view.version && Object.keys(view.fields).every(isField)
  );
}
