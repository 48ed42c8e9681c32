import { ServersError } from '../errors';
import { localKinds } from '../local/local-kinds';
import { isRunning } from '../processes';
import type { ServerRecord } from '../server';
import { waitUntil } from '../wait-until';
import { checkHealth } from './check-health';

const REMOTE_LIMIT_MS = 90_000; // a container may have to start from nothing
const GIVEN_LIMIT_MS = 10_000;

/** Resolves when the server answers its client. Rejects when its process has ended or its time is over. */
export async function waitUntilHealthy(record: ServerRecord): Promise<void> {
  let ended = false;
  const probe = async (): Promise<true | undefined> => {
    ended = hasEnded(record);
    if (ended) return true;
    await checkHealth(record.name, record.url);
    return true;
  };
  try {
    await waitUntil(probe, limitOf(record), 100);
  } catch (cause) {
    throw new ServersError(`${record.name} at ${record.url} does not answer.`, hint(record), { cause });
  }
  if (ended) throw new ServersError(`${record.name} ended right after its start.`, hint(record));
}

function hasEnded(record: ServerRecord): boolean {
  return record.how === 'local' && !isRunning(record.process);
}

function limitOf(record: ServerRecord): number {
  switch (record.how) {
    case 'url':
      return GIVEN_LIMIT_MS;
    case 'docker':
      return REMOTE_LIMIT_MS;
    case 'local':
      return localKinds[record.name].startLimitMs;
  }
}

function hint(record: ServerRecord): string {
  switch (record.how) {
    case 'url':
      return 'Start that server, or take its URL out of the environment.';
    case 'docker':
      return `Read: docker logs ${record.containerId}`;
    case 'local':
      return `Read the logs in ${record.folder}.`;
  }
}
