import { ConsoleSpanExporter } from '@opentelemetry/sdk-trace-base';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { TracesTo } from '../settings';
import { portListens } from './port-listens';

/** An exporter, and whether anybody is there to take what it sends. */
export interface KnownExporter {
  /** Loads and opens it: that takes a tenth of a second, which only who has spans to send must spend. */
  readonly open: () => Promise<SpanExporter>;
  readonly isReachable: () => Promise<boolean>;
}

const always = (): Promise<boolean> => Promise.resolve(true);

/** An exporter by its name; where it sends to, it reads from its own `OTEL_EXPORTER_*`. */
export function exporterOf(to: Exclude<TracesTo, 'off'>): KnownExporter {
  switch (to) {
    case 'otlp':
      return { open: openOtlp, isReachable: () => portListens(otlpEndpoint(process.env)) };
    case 'jaeger':
      return { open: openJaeger, isReachable: jaegerReachable };
    case 'console':
      return { open: () => Promise.resolve(new ConsoleSpanExporter()), isReachable: always };
  }
}

async function openOtlp(): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

async function openJaeger(): Promise<SpanExporter> {
  const { JaegerExporter } = await import('@opentelemetry/exporter-jaeger');
  return new JaegerExporter();
}

/** Without an endpoint spans go by UDP, where nobody can be missed. */
function jaegerReachable(): Promise<boolean> {
  const endpoint = process.env['OTEL_EXPORTER_JAEGER_ENDPOINT'];
  return endpoint === undefined || endpoint === '' ? always() : portListens(endpoint);
}

function otlpEndpoint(env: NodeJS.ProcessEnv): string {
  return (
    env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'] || 'http://localhost:4318'
  );
}
