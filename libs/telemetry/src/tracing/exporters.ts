import { JaegerExporter } from '@opentelemetry/exporter-jaeger';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { ConsoleSpanExporter } from '@opentelemetry/sdk-trace-base';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { TracesTo } from '../settings';
import { portListens } from './port-listens';

/** An exporter, and whether anybody is there to take what it sends. */
export interface OpenedExporter {
  readonly exporter: SpanExporter;
  readonly isReachable: () => Promise<boolean>;
}

const always = (): Promise<boolean> => Promise.resolve(true);

/** Opens an exporter by its name; where it sends to, it reads from its own `OTEL_EXPORTER_*`. */
export function openExporter(to: Exclude<TracesTo, 'off'>): OpenedExporter {
  switch (to) {
    case 'otlp':
      return { exporter: new OTLPTraceExporter(), isReachable: () => portListens(otlpEndpoint(process.env)) };
    case 'jaeger':
      return { exporter: new JaegerExporter(), isReachable: jaegerReachable };
    case 'console':
      return { exporter: new ConsoleSpanExporter(), isReachable: always };
  }
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
