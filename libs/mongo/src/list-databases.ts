import { Connection } from './connection';
import { checkMongoOptions } from './mongo-options';
import type { MongoOptions } from './mongo-options';

/** Names of the databases of a server that begin so, in order. Errors: as of `openMongoReader`. */
export async function listDatabases(options: MongoOptions, prefix: string): Promise<readonly string[]> {
  const connection = Connection.to(checkMongoOptions(options));
  try {
    await connection.connect();
    const { databases } = await connection.persist('list of the databases', () =>
      connection.db.admin().listDatabases({ nameOnly: true }),
    );
    return databases
      .map(({ name }) => name)
      .filter((name) => name.startsWith(prefix))
      .sort();
  } finally {
    await connection.close();
  }
}
