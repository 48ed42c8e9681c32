import { openTelemetry } from '@aura/telemetry';
import type { Telemetry, TelemetryOptions } from '@aura/telemetry';

/**
 * Log, numbers and tracer of a process that holds a whole Aura, by its environment: every saga is traced unless that says
 * otherwise. Once a process; who opens it closes it, after all else. Errors: `UnsafeSetupError`.
 */
export function hostTelemetry(options: Omit<TelemetryOptions, 'service'>): Telemetry {
  return openTelemetry({ service: 'aura', ...options, defaults: { share: 1, ...options.defaults } });
}
