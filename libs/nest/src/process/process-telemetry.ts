import { openTelemetry } from '@aura/telemetry';
import type { Telemetry, TelemetryOptions } from '@aura/telemetry';

/** Where a process is told what it should tell, and where its lines go. */
export interface ProcessTelling {
  /** Default: the environment of the process. */
  readonly env?: TelemetryOptions['env'];
  /** Default: stderr. */
  readonly out?: TelemetryOptions['out'];
}

/**
 * Log, numbers and tracer of a process of its own, by its environment. Close it when all else has ended. Errors:
 * `UnsafeSetupError` for settings that cannot be used.
 */
export function processTelemetry(
  service: string,
  instance: string,
  { env = process.env, out = process.stderr }: ProcessTelling = {},
): Telemetry {
  return openTelemetry({ service, instance, env, out });
}
