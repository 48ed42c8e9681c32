/** What `/metrics` of a process answers: a text, and how to announce it. */
export interface MetricsSource {
  page(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Nest token of the {@link MetricsSource}. */
export const METRICS_SOURCE = Symbol('MetricsSource');
