import { StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';
import type { Connection } from '../connection';
import { ensureIndexes } from './ensure-indexes';
import { probeRaces } from './race-probe';
import { migrate, requiredIndexes } from './schema-version';

/** Looks at everything that the stores rely on; refuses with `UnsafeSetupError`, waits for a server that starts. */
export async function checkServer(connection: Connection): Promise<void> {
  await requireAnswer(connection);
  await migrate(connection);
  await ensureIndexes(connection, requiredIndexes);
  await probeRaces(connection);
}

async function requireAnswer(connection: Connection): Promise<void> {
  try {
    await connection.connect();
  } catch (error) {
    throw tooOld(error) ?? error;
  }
}

/** The driver refuses servers before 4.2 by their wire version, somewhere down the chain of causes. */
function tooOld(error: unknown): UnsafeSetupError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof StoreUnavailableError) && cause.message.includes('wire version')) {
      return new UnsafeSetupError(
        cause.message,
        'Use MongoDB 4.2 or newer, or a compatible server of that age.',
        error,
      );
    }
  }
  return undefined;
}
