import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { StoreUnavailableError } from '@aura/kernel';
import { MongoClient } from 'mongodb';
import type { Collection, Db, Document } from 'mongodb';
import { asStoreError, isPassing, NoAnswerError, UnconfirmedWriteError } from './failures';
import type { CheckedMongoOptions } from './mongo-options';

/** Every write is safe on a majority's disks before it is acknowledged. */
const WRITE_CONCERN = { w: 'majority', j: true } as const;

/** Room for the driver to speak before its call is given up, ms. */
const DRIVER_FIRST_MS = 250;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 300;

/** What a server says to a write of many documents; positions are those of the documents. */
export interface WriteReply {
  /** Documents that were found or made. */
  readonly matched: number;
  readonly errors: readonly { readonly index: number; readonly code: number; readonly message: string }[];
}

/** One client of one database: durable writes, and a time limit on every call. */
export class Connection {
  private closed = false;

  private constructor(
    private readonly client: MongoClient,
    readonly db: Db,
    readonly options: CheckedMongoOptions,
  ) {}

  /** A client that has not spoken to the server yet. */
  static to(options: CheckedMongoOptions): Connection {
    const client = new MongoClient(options.url, {
      appName: options.appName,
      // The driver would import() it, which test runners with module registries of their own refuse.
      runtimeAdapters: { os },
      maxPoolSize: options.maxPoolSize,
      serverSelectionTimeoutMS: Math.min(options.limitMs, 2_000),
      connectTimeoutMS: options.limitMs,
      socketTimeoutMS: options.limitMs,
      waitQueueTimeoutMS: options.limitMs,
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      // An unknown outcome is cleared up here, by reading back or by repeating what may be repeated.
      retryWrites: false,
      retryReads: false,
    });
    return new Connection(client, client.db(options.database), options);
  }

  collection<T extends Document>(name: string): Collection<T> {
    return this.db.collection<T>(name);
  }

  /** A time, by {@link performance.now}, behind which a call that begins now gives up. */
  deadline(): number {
    return performance.now() + this.options.limitMs;
  }

  /** Runs something that may be repeated, until it succeeds, fails for good or the time limit has passed. */
  async persist<T>(what: string, run: () => Promise<T>): Promise<T> {
    const deadline = this.deadline();
    for (let tries = 0; ; tries++) {
      try {
        return await this.answered(run, deadline - performance.now());
      } catch (error) {
        if (!isPassing(error)) throw asStoreError(what, error);
        if (!(await this.retryAllowed(deadline, tries))) throw this.unavailable(what, error);
      }
    }
  }

  /**
   * The driver has limits of its own, but none for a request that goes to a socket in the moment in which the server
   * dies: that one may never be answered. Where the driver has a limit it comes first: its error says more.
   */
  private async answered<T>(run: () => Promise<T>, limitMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const giveUp = (): void => reject(new NoAnswerError(`no answer within ${Math.round(limitMs)} ms`));
      timer = setTimeout(giveUp, Math.max(0, limitMs) + DRIVER_FIRST_MS);
    });
    try {
      return await Promise.race([run(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Runs something once, within the time limit of a call. */
  once<T>(run: () => Promise<T>): Promise<T> {
    return this.answered(run, this.options.limitMs);
  }

  /** Waits before another try; false when there is no time left for one. */
  async retryAllowed(deadline: number, tries: number): Promise<boolean> {
    const ms = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
    if (this.closed || performance.now() + ms > deadline) return false;
    await pause(ms);
    return !this.closed;
  }

  /** The error of a call whose outcome stays unknown. */
  unavailable(what: string, cause: unknown): StoreUnavailableError {
    const reason = this.closed
      ? 'the store was closed'
      : `MongoDB did not answer in ${this.options.limitMs} ms`;
    return new StoreUnavailableError(`${what}: ${reason}`, cause);
  }

  /** One unordered bulk insert; fails as a whole only when the outcome of all is unknown. */
  insert(collection: string, documents: readonly Document[]): Promise<WriteReply> {
    return this.write({ insert: collection, documents });
  }

  /** One bulk insert in order, which ends with the first error. */
  insertInOrder(collection: string, documents: readonly Document[]): Promise<WriteReply> {
    return this.write({ insert: collection, documents }, true);
  }

  /** One unordered bulk of updates, each `{q, u, upsert?, multi?}`. */
  update(collection: string, updates: readonly Document[]): Promise<WriteReply> {
    return this.write({ update: collection, updates });
  }

  /** The command itself, without the driver's bulk builder: a third less work in this process. */
  private async write(command: Document, ordered = false): Promise<WriteReply> {
    const asked = { ...command, ordered, writeConcern: WRITE_CONCERN };
    const reply = await this.answered(() => this.db.command(asked), this.options.limitMs);
    const unconfirmed: unknown = reply['writeConcernError'];
    if (unconfirmed) throw new UnconfirmedWriteError(`write not confirmed: ${JSON.stringify(unconfirmed)}`);
    const errors: readonly Document[] = Array.isArray(reply['writeErrors']) ? reply['writeErrors'] : [];
    return {
      matched: Number(reply['n']),
      errors: errors.map((error) => ({
        index: Number(error['index']),
        code: Number(error['code']),
        message: String(error['errmsg']),
      })),
    };
  }

  /** Waits until the server answers. A client whose first connection failed must be told to connect again. */
  connect(): Promise<void> {
    return this.persist('connection to MongoDB', async () => {
      await this.client.connect();
      await this.db.command({ ping: 1 });
    });
  }

  /** Ends the client; calls that still wait are told so. */
  async close(): Promise<void> {
    this.closed = true;
    await this.client.close();
  }
}
