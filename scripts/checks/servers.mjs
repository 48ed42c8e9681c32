import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * What the suites against servers can count on.
 * @returns {Promise<{ ready: boolean, why: string }>} `why` is a sentence for a person
 */
export async function serversReadiness() {
  const { SERVER_NAMES, checkHealth, serversEnvironment } = require('@aura/servers');
  const env = serversEnvironment();
  if (env === undefined) {
    return {
      ready: false,
      why: 'there is neither .aura/servers.env nor the three AURA_*_URL (npm run servers:up)',
    };
  }
  const checks = SERVER_NAMES.map(async (name) => {
    const url = env[`AURA_${name.toUpperCase()}_URL`];
    return checkHealth(name, url).then(
      () => [],
      (error) => [`${name} at ${url} does not answer: ${error.message}`],
    );
  });
  const problems = (await Promise.all(checks)).flat();
  return { ready: problems.length === 0, why: problems.join('; ') };
}

/** True when a run without servers is a failure. */
export const serversRequired = ['1', 'true'].includes(process.env['AURA_REQUIRE_SERVERS'] ?? '');
