import { UnsafeSetupError } from '@aura/kernel';
import type { LogLevel } from '@aura/kernel';
import { z } from 'zod';

/** Where spans go. */
export type TracesTo = 'off' | 'otlp' | 'jaeger' | 'console';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
const TO = ['off', 'otlp', 'jaeger', 'console'] as const;
/** Share of sagas that are traced unless somebody says otherwise. */
const DEFAULT_SHARE = 0.1;
/** What OpenTelemetry calls our exporters, and samplers that need no share. */
const EXPORTERS: Readonly<Record<string, TracesTo>> = {
  none: 'off',
  otlp: 'otlp',
  jaeger: 'jaeger',
  console: 'console',
};
const FIXED_SHARES: Readonly<Record<string, number>> = {
  always_on: 1,
  parentbased_always_on: 1,
  always_off: 0,
  parentbased_always_off: 0,
};

/** An empty variable is one that is not set, as OpenTelemetry has it. */
const unset = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const share = unset(z.coerce.number().min(0).max(1));

const environment = z.object({
  /** Lowest level that is written. */
  AURA_LOG_LEVEL: unset(z.enum(LEVELS)),
  /** Default: text where a terminal looks on, else json. */
  AURA_LOG_FORMAT: unset(z.enum(['json', 'text'])),
  AURA_TRACES: unset(z.enum(TO)),
  /** Share of sagas that are traced. */
  AURA_TRACES_SAMPLE: share,
  OTEL_SDK_DISABLED: unset(z.string()),
  OTEL_TRACES_EXPORTER: unset(z.enum(['none', 'otlp', 'jaeger', 'console'])),
  OTEL_TRACES_SAMPLER: unset(z.string()),
  OTEL_TRACES_SAMPLER_ARG: share,
  OTEL_EXPORTER_OTLP_PROTOCOL: unset(z.literal('http/protobuf')),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: unset(z.literal('http/protobuf')),
});
type Environment = z.output<typeof environment>;

/** What a process tells about itself, and where. */
export interface TelemetrySettings {
  readonly logLevel: LogLevel | 'silent';
  /** Absent: text where a terminal looks on, else json. */
  readonly logFormat?: 'json' | 'text';
  readonly traces: TracesTo;
  /** Share of sagas that are traced, 0 to 1. */
  readonly share: number;
}

/** What holds where the environment says nothing. */
export interface TelemetryDefaults {
  readonly logLevel?: LogLevel;
  /** Default 0.1. */
  readonly share?: number;
}

/**
 * Reads what the environment says about log and traces: `AURA_LOG_LEVEL`, `AURA_LOG_FORMAT`, `AURA_TRACES`,
 * `AURA_TRACES_SAMPLE`; behind them `OTEL_SDK_DISABLED`, `OTEL_TRACES_EXPORTER`, `OTEL_TRACES_SAMPLER` and its argument. Where
 * to export to, the exporters themselves read from `OTEL_EXPORTER_*`. Errors: `UnsafeSetupError` that names what is wrong.
 */
export function telemetrySettings(
  env: Readonly<Record<string, string | undefined>>,
  defaults: TelemetryDefaults = {},
): TelemetrySettings {
  const parsed = environment.safeParse(env);
  if (!parsed.success) throw unusable(parsed.error);
  const { AURA_LOG_LEVEL, AURA_LOG_FORMAT } = parsed.data;
  return {
    logLevel: AURA_LOG_LEVEL ?? defaults.logLevel ?? 'info',
    ...(AURA_LOG_FORMAT === undefined ? {} : { logFormat: AURA_LOG_FORMAT }),
    traces: tracesTo(parsed.data),
    share: shareOf(parsed.data, defaults.share ?? DEFAULT_SHARE),
  };
}

function tracesTo({ AURA_TRACES, OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER }: Environment): TracesTo {
  if (OTEL_SDK_DISABLED?.toLowerCase() === 'true') return 'off';
  return AURA_TRACES ?? EXPORTERS[OTEL_TRACES_EXPORTER ?? 'otlp'] ?? 'otlp';
}

function shareOf(env: Environment, standing: number): number {
  const { AURA_TRACES_SAMPLE, OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument } = env;
  if (AURA_TRACES_SAMPLE !== undefined) return AURA_TRACES_SAMPLE;
  if (sampler === undefined) return argument ?? standing;
  // A ratio without an argument is 1, as OpenTelemetry says.
  return FIXED_SHARES[sampler] ?? argument ?? 1;
}

function unusable(error: z.ZodError): UnsafeSetupError {
  const told = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return new UnsafeSetupError(
    `the settings of log and traces cannot be used: ${told.join('; ')}`,
    'Correct or unset these environment variables; docs/observability.md lists what they may be.',
  );
}
