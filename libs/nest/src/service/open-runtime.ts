import type { AuraRuntime } from '../runtime/runtime';
import { openServerRuntime } from '../runtime/server-runtime';
import type { AuraSettings } from './aura-options';
import { findAura } from './find-aura';
import { openJoinedRuntime } from '../runtime/joined-runtime';
import { nestLog } from './nest-log';

/** Opens what a service runs on: the servers, or the embedded Aura that it joins. Errors: as {@link findAura} and both. */
export function openRuntime(settings: AuraSettings): Promise<AuraRuntime> {
  const log = settings.log ?? nestLog();
  const found = findAura(settings, { env: process.env, cwd: process.cwd() });
  const { instance, service } = settings;
  const meter = settings.meter === undefined ? {} : { meter: settings.meter };
  if (found.kind === 'servers') return openServerRuntime(found.environment, log, { service, ...meter });
  return openJoinedRuntime({
    runFile: found.runFile,
    log,
    // As on servers: who comes first waits for the other, and says so.
    startTimeoutMs: Number.MAX_SAFE_INTEGER,
    ...meter,
    ...(instance === undefined ? {} : { instance }),
  });
}
