import type { Log } from '@aura/kernel';
import { openJoinedRuntime } from '../runtime/joined-runtime';
import type { AuraRuntime } from '../runtime/runtime';
import { openServerRuntime } from '../runtime/server-runtime';
import type { AuraSettings } from './aura-options';
import { findAura } from './find-aura';
import { nestLog } from './nest-log';
import { traceService } from './trace-service';

/**
 * Opens what a service runs on, the servers or the embedded Aura that it joins, and traces it by the environment. Errors: as
 * {@link findAura}, {@link traceService} and both runtimes.
 */
export async function openRuntime(settings: AuraSettings): Promise<AuraRuntime> {
  const { service, instance, log = nestLog() } = settings;
  const traced = { service, log, ...(instance === undefined ? {} : { instance }) };
  const endTracing = traceService(traced, process.env);
  try {
    const runtime = await openFound(settings, log);
    return {
      ...runtime,
      close: async () => {
        await runtime.close();
        await endTracing();
      },
    };
  } catch (error) {
    await endTracing();
    throw error;
  }
}

function openFound(settings: AuraSettings, log: Log): Promise<AuraRuntime> {
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
