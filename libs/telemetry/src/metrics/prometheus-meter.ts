import { METRICS } from '@aura/kernel';
import type {
  Counter,
  CounterName,
  Histogram,
  HistogramName,
  LabelsOf,
  Meter,
  MetricName,
} from '@aura/kernel';
import {
  collectDefaultMetrics,
  Counter as PromCounter,
  Gauge,
  Histogram as PromHistogram,
  Registry,
} from 'prom-client';

type Labels = Readonly<Record<string, string>>;

/** A counter's adding is one addition; what has gathered is handed over when somebody looks. */
interface Gathering {
  readonly labels: Labels;
  pending: number;
}

/** What Prometheus reads: a text and how to announce it. */
export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

/** The numbers of a process in a registry of prom-client. Every metric of the catalogue is registered, used or not. */
export class PrometheusMeter implements Meter {
  private readonly registry = new Registry();
  private readonly histograms = new Map<MetricName, PromHistogram>();
  private readonly instruments = new Map<string, Counter | Histogram>();
  private readonly gathering = new Map<MetricName, Gathering[]>();
  private readonly readers = new Map<MetricName, Map<string, { labels: Labels; read: () => number }>>();

  constructor() {
    for (const name of Object.keys(METRICS) as MetricName[]) this.register(name);
  }

  /** Adds what Node tells of the process itself: CPU, memory, event loop, garbage collection. Once a process. */
  withProcess(): this {
    collectDefaultMetrics({ register: this.registry });
    return this;
  }

  counter<N extends CounterName>(name: N, labels: LabelsOf<N>): Counter {
    return this.instrument(name, labels, () => {
      const own: Gathering = { labels, pending: 0 };
      this.gathering.set(name, [...(this.gathering.get(name) ?? []), own]);
      return { add: (by = 1) => void (own.pending += by) };
    });
  }

  histogram<N extends HistogramName>(name: N, labels: LabelsOf<N>): Histogram {
    return this.instrument(name, labels, () => {
      const of = this.histograms.get(name)?.labels(labels);
      return { observe: (value) => of?.observe(value) };
    });
  }

  gauge(name: MetricName, labels: Labels, read: () => number): () => void {
    const key = JSON.stringify(labels);
    const own = { labels, read };
    const readers = this.readers.get(name) ?? new Map<string, typeof own>();
    this.readers.set(name, readers.set(key, own));
    return () => {
      if (readers.get(key) === own) readers.delete(key);
    };
  }

  /** What `/metrics` answers. */
  async page(): Promise<MetricsPage> {
    return { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }

  /** Names of all metrics that are registered, those of the process included. */
  names(): readonly string[] {
    return this.registry.getMetricsAsArray().map(({ name }) => name);
  }

  private instrument<T extends Counter | Histogram>(name: MetricName, labels: Labels, make: () => T): T {
    const key = `${name} ${JSON.stringify(labels)}`;
    const known = this.instruments.get(key) as T | undefined;
    if (known !== undefined) return known;
    const made = make();
    this.instruments.set(key, made);
    return made;
  }

  private register(name: MetricName): void {
    const { kind, help, labels } = METRICS[name];
    const config = { name, help, labelNames: [...labels], registers: [this.registry] };
    if (kind === 'counter') this.registerCounter(name, config);
    else if (kind === 'gauge') this.registerGauge(name, config);
    else
      this.histograms.set(
        name,
        new PromHistogram({ ...config, buckets: [...METRICS[name as HistogramName].buckets] }),
      );
  }

  private registerCounter(name: MetricName, config: ConstructorParameters<typeof PromCounter>[0]): void {
    const gathered = (): readonly Gathering[] => this.gathering.get(name) ?? [];
    void new PromCounter({
      ...config,
      collect() {
        for (const own of gathered()) {
          this.inc({ ...own.labels }, own.pending);
          own.pending = 0;
        }
      },
    });
  }

  private registerGauge(name: MetricName, config: ConstructorParameters<typeof Gauge>[0]): void {
    const readers = (): Iterable<{ labels: Labels; read: () => number }> =>
      this.readers.get(name)?.values() ?? [];
    void new Gauge({
      ...config,
      collect() {
        // What nobody reads any more is not told any more.
        this.reset();
        for (const { labels, read } of readers()) this.set({ ...labels }, read());
      },
    });
  }
}
