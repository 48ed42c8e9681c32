import { rmSync } from 'node:fs';
import { RESULTS, runJest } from './jest.mjs';
import { serversReadiness, serversRequired } from './servers.mjs';

/** Forgets the results of earlier runs. */
export function forgetResults() {
  rmSync(RESULTS, { recursive: true, force: true });
}

/**
 * The suite that needs nothing.
 * @param {{ coverage: boolean, args?: readonly string[] }} options
 */
export function embeddedSuite({ coverage, args }) {
  return runJest({ run: 'embedded', project: 'embedded', coverage, args });
}

/**
 * The suite against RabbitMQ, MongoDB and Redis; without them one line says so.
 * @param {{ coverage: boolean, args?: readonly string[] }} options
 * @returns {Promise<boolean>} false when a test failed, and when the servers are missing though they are required
 */
export async function serversSuite({ coverage, args }) {
  const { ready, why } = await serversReadiness();
  if (ready) return runJest({ run: 'servers', project: 'servers', coverage, args });
  console.error(`The suites against servers ${serversRequired ? 'cannot run' : 'are left out'}: ${why}.`);
  return !serversRequired;
}
