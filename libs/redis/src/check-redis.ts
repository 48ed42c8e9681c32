import { UnsafeSetupError } from '@aura/kernel';

const OLDEST = 6;

/** Refuses a server that Aura cannot rely on, by what its INFO says. */
export function requireUsable(info: string): void {
  const facts = factsOf(info);
  const version = facts.get('redis_version') ?? 'unknown';
  if (!(Number.parseInt(version, 10) >= OLDEST)) {
    throw new UnsafeSetupError(`Redis has version ${version}`, `Use Redis ${OLDEST}.0 or newer.`);
  }
  const policy = facts.get('maxmemory_policy') ?? 'unknown';
  if (policy !== 'noeviction') {
    throw new UnsafeSetupError(
      `Redis evicts: its maxmemory-policy is ${policy}`,
      'Set "maxmemory-policy noeviction", or give Aura a Redis of its own: joins must not vanish one by one.',
    );
  }
  if (facts.get('cluster_enabled') === '1') {
    throw new UnsafeSetupError(
      'Redis runs as a cluster',
      'Use a single Redis (with replicas if you like); losing it costs work, never an event.',
    );
  }
  if (facts.get('role') === 'slave') {
    throw new UnsafeSetupError('Redis is a replica and takes no writes', 'Give the URL of its primary.');
  }
}

/** Lines `name:value` of an INFO reply. */
function factsOf(info: string): ReadonlyMap<string, string> {
  const lines = info.split(/\r?\n/).filter((line) => !line.startsWith('#') && line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
