import { NO_METER } from '@aura/kernel';
import type { Log, Meter } from '@aura/kernel';
import { openTelemetry } from '@aura/telemetry';
import type { TelemetryOptions } from '@aura/telemetry';

/** By whose wish log, numbers and traces of the process are told: its environment, and where lines go. */
export type HostTelemetry = Pick<TelemetryOptions, 'env' | 'out' | 'defaults'>;

/** Who is told what happens in a composition. */
export interface Told {
  readonly log: Log | ((line: string) => void);
  readonly meter: Meter;
  /** Sends what waits; the last thing that is done. */
  close(): Promise<void>;
}

/**
 * Log, meter and tracer of a composition: those of the process when it has telemetry, where every saga is traced unless
 * the environment says otherwise; else the lines alone.
 */
export function toldBy(options: {
  readonly log?: (line: string) => void;
  readonly telemetry?: HostTelemetry;
}): Told {
  const { log = () => undefined, telemetry } = options;
  if (telemetry === undefined) return { log, meter: NO_METER, close: () => Promise.resolve() };
  const { defaults = {} } = telemetry;
  return openTelemetry({ service: 'aura', ...telemetry, defaults: { share: 1, ...defaults } });
}

/** Opens something that tells; when that fails, nobody is left to be told. */
export async function telling<T>(told: Told, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await told.close();
    throw error;
  }
}
