import type { Log, Meter } from '@aura/kernel';
import { openLog } from './log/open-log';
import type { LogOptions } from './log/open-log';
import { PrometheusMeter } from './metrics/prometheus-meter';
import type { MetricsPage } from './metrics/prometheus-meter';
import { telemetrySettings } from './settings';
import type { TelemetryDefaults, TelemetrySettings } from './settings';
import { startTracing } from './tracing/start-tracing';

/** Who speaks, and to whom. */
export interface TelemetryOptions {
  /** Name of the service: `coordinator`, `nlu`, … */
  readonly service: string;
  /** Name of this process among those of the service. */
  readonly instance?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What holds where the environment says nothing. */
  readonly defaults?: TelemetryDefaults;
  /** Where lines go, e.g. `process.stderr`; text in colour when it is a terminal and colours are not unwanted. */
  readonly out: { readonly isTTY?: boolean; write(text: string): unknown };
}

/** What a process tells about itself. */
export interface Telemetry {
  readonly log: Log;
  readonly meter: Meter;
  /** What `/metrics` answers. */
  metrics(): Promise<MetricsPage>;
  /** Sends the spans that wait, 2 s at most; the last thing that a process does. Never fails. */
  close(): Promise<void>;
}

/** Log, numbers and tracer of a process, by its environment. Once a process. Errors: `UnsafeSetupError`. */
export function openTelemetry(options: TelemetryOptions): Telemetry {
  const { service, instance, env, defaults } = options;
  const settings = telemetrySettings(env, defaults);
  const named = instance === undefined ? { service } : { service, instance };
  const log = openLog({
    ...named,
    level: settings.logLevel,
    format: formatOf(settings, options),
    write: (line) => void options.out.write(line),
  });
  const meter = new PrometheusMeter().withProcess();
  const close = startTracing({ ...named, to: settings.traces, share: settings.share, log });
  return { log, meter, metrics: () => meter.page(), close };
}

function formatOf({ logFormat }: TelemetrySettings, { out, env }: TelemetryOptions): LogOptions['format'] {
  const isTerminal = out.isTTY === true;
  if (logFormat === 'json' || (logFormat === undefined && !isTerminal)) return 'json';
  return isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? 'colour' : 'text';
}
