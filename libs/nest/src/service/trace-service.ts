import type { Log } from '@aura/kernel';
import { isTracing } from '@aura/messaging';
import { startTracing, telemetrySettings } from '@aura/telemetry';

/** Who is traced. */
export interface TracedService {
  readonly service: string;
  readonly instance?: string;
  readonly log: Log;
}

/**
 * Sends the spans of a service where the environment says (`AURA_TRACES`, `OTEL_*`; default OTLP to localhost, one saga in
 * ten). An application that has set up OpenTelemetry itself keeps what it has. Answers how to send what waits and end it.
 * Errors: `UnsafeSetupError` for an environment that cannot be used.
 */
export function traceService(traced: TracedService, env: NodeJS.ProcessEnv): () => Promise<void> {
  const { traces: to, share } = telemetrySettings(env);
  return isTracing() ? () => Promise.resolve() : startTracing({ ...traced, to, share });
}
