import type { JournalReader } from '@aura/kernel';
import { Connection } from './connection';
import { MongoJournalReader } from './journal/mongo-journal-reader';
import { RowReader } from './journal/row-reader';
import { checkMongoOptions } from './mongo-options';
import type { MongoOptions } from './mongo-options';

/** Readers of the journals of a server: one database for each participant and the coordinator. */
export interface MongoReader {
  /** The journals of a namespace; one that never wrote has none. */
  journal(namespace: string): JournalReader;
  close(): Promise<void>;
}

/**
 * Connects for reading: nothing is created, brought forward or checked. Errors: `UnsafeSetupError` for options that are
 * wrong, `StoreUnavailableError` when nobody answers.
 */
export async function openMongoReader(options: MongoOptions): Promise<MongoReader> {
  const connection = Connection.to(checkMongoOptions(options));
  try {
    await connection.connect();
  } catch (error) {
    await connection.close();
    throw error;
  }
  const reader = new RowReader(connection);
  return {
    journal: (namespace) => new MongoJournalReader(connection, reader, namespace),
    close: async () => {
      await reader.drain();
      await connection.close();
    },
  };
}
