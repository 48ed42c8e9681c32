import { z } from 'zod';

const share = z.coerce.number().min(0).max(1);

/** What the environment says about log and traces. What OpenTelemetry itself names (`OTEL_*`) is honoured by its name. */
export const telemetryEnvironment = z.object({
  /** Lowest level that is written. */
  AURA_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
  /** `json`, `text`; default: text where a terminal looks on, else json. */
  AURA_LOG_FORMAT: z.enum(['json', 'text']).optional(),
  /** Where spans go. `memory` keeps nothing and is for tests. */
  AURA_TRACES: z.enum(['off', 'otlp', 'jaeger', 'console']).optional(),
  /** Share of sagas that are traced, 0 to 1. */
  AURA_TRACES_SAMPLE: share.optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_TRACES_EXPORTER: z.string().optional(),
  OTEL_TRACES_SAMPLER: z.string().optional(),
  OTEL_TRACES_SAMPLER_ARG: share.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.string().optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.string().optional(),
});
