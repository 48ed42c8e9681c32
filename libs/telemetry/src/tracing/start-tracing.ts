import type { Log } from '@aura/kernel';
import { trace } from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { TracesTo } from '../settings';
import { exporterOf } from './exporters';
import { QuietExporter } from './quiet-exporter';
import { SagaSampler } from './saga-sampler';

/** How a process is traced. */
export interface TracingOptions {
  /** Where spans go; an exporter of one's own gets every span at once, for tests. */
  readonly to: TracesTo | SpanExporter;
  /** Share of sagas that are traced, 0 to 1. */
  readonly share: number;
  /** Name of the service, unless `OTEL_SERVICE_NAME` says otherwise. */
  readonly service: string;
  /** Name of this process among those of the service. */
  readonly instance?: string;
  readonly log: Log;
}

/** How long the last spans may take to get away, ms. */
const LAST_SPANS_MS = 2000;

/**
 * Sets the tracer of the process. Answers how to send what waits and take it away again; neither that nor any export ever
 * fails, and it takes 2 s at most.
 */
export function startTracing(options: TracingOptions): () => Promise<void> {
  const { to, share, log } = options;
  if (to === 'off') return () => Promise.resolve();
  const provider = new BasicTracerProvider({
    sampler: new SagaSampler(share),
    resource: resourceOf(options),
    spanProcessors: [processorOf(to, log)],
  });
  trace.setGlobalTracerProvider(provider);
  return async () => {
    trace.disable();
    await withinLimit(provider.shutdown());
  };
}

function processorOf(to: Exclude<TracesTo, 'off'> | SpanExporter, log: Log): SpanProcessor {
  if (typeof to !== 'string') return new SimpleSpanProcessor(to);
  return new BatchSpanProcessor(new QuietExporter(exporterOf(to), log));
}

/** What the environment says of the process wins over what we know of it. */
function resourceOf({ service, instance }: TracingOptions): ReturnType<typeof defaultResource> {
  const own = {
    'service.name': service,
    'service.namespace': 'aura',
    ...(instance === undefined ? {} : { 'service.instance.id': instance }),
  };
  return defaultResource()
    .merge(resourceFromAttributes(own))
    .merge(detectResources({ detectors: [envDetector] }));
}

async function withinLimit(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LAST_SPANS_MS);
  });
  // A shutdown that fails leaves nothing to be done about it; exporters have said why.
  await Promise.race([work.catch(() => undefined), limit]).finally(() => clearTimeout(timer));
}
