import { NO_LOG } from '@aura/kernel';
import { startTracing } from '@aura/telemetry';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** A span as a viewer shows it. */
export interface SeenSpan {
  readonly name: string;
  readonly kind: keyof typeof SpanKind;
  readonly id: string;
  readonly trace: string;
  readonly parent: string | undefined;
  readonly links: readonly string[];
  readonly attributes: Attributes;
  readonly events: readonly string[];
  readonly hasFailed: boolean;
  /** ms since 1970. */
  readonly begin: number;
  readonly end: number;
}

/** The tracer of this process, with what it recorded. */
export class RecordedSpans {
  private constructor(
    private readonly exporter: InMemorySpanExporter,
    readonly close: () => Promise<void>,
  ) {}

  /** `share` of the sagas are traced. */
  static start(share = 1): RecordedSpans {
    const exporter = new InMemorySpanExporter();
    return new RecordedSpans(exporter, startTracing({ to: exporter, share, service: 'test', log: NO_LOG }));
  }

  all(): readonly SeenSpan[] {
    return this.exporter.getFinishedSpans().map(seen);
  }

  /** Every span of the traces that a saga is named in. */
  ofSaga(saga: string): readonly SeenSpan[] {
    const all = this.all();
    const named = all.filter(({ attributes }) => attributes['messaging.message.conversation_id'] === saga);
    const traces = new Set(named.map(({ trace }) => trace));
    return all.filter(({ trace }) => traces.has(trace));
  }
}

function seen(span: ReadableSpan): SeenSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    name: span.name,
    kind: SpanKind[span.kind] as keyof typeof SpanKind,
    id: spanId,
    trace: traceId,
    parent: span.parentSpanContext?.spanId,
    links: span.links.map(({ context }) => context.spanId),
    attributes: span.attributes,
    events: span.events.map(({ name }) => name),
    hasFailed: span.status.code === SpanStatusCode.ERROR,
    begin: span.startTime[0] * 1000 + span.startTime[1] / 1e6,
    end: span.endTime[0] * 1000 + span.endTime[1] / 1e6,
  };
}

/** What is wrong with a story that should be one: more than one trace or root, parents that nobody knows. */
export function faultsOf(spans: readonly SeenSpan[]): readonly string[] {
  const ids = new Set(spans.map(({ id }) => id));
  const roots = spans.filter(({ parent }) => parent === undefined);
  const lost = spans.filter(({ parent }) => parent !== undefined && !ids.has(parent));
  const loose = spans.filter(({ links }) => links.some((link) => !ids.has(link)));
  return [
    ...(new Set(spans.map(({ trace }) => trace)).size === 1 ? [] : ['more or less than one trace']),
    ...(roots.length === 1 ? [] : [`${roots.length} roots: ${roots.map(({ name }) => name).join(', ')}`]),
    ...lost.map(({ name }) => `${name} has a parent that nobody knows`),
    ...loose.map(({ name }) => `${name} has a link to what nobody knows`),
  ];
}

/** The one span of a name. */
export function spanNamed(spans: readonly SeenSpan[], name: string): SeenSpan {
  const [found, ...others] = spans.filter((span) => span.name === name);
  if (found !== undefined && others.length === 0) return found;
  const names = spans.map((span) => span.name).join(', ');
  throw new Error(`${others.length + (found === undefined ? 0 : 1)} spans are named ${name} among: ${names}`);
}
