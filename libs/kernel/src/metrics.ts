/** What is measured under one name. */
export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** One sentence: what the value means. */
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in its unit. */
  readonly buckets?: readonly number[];
}

/** Work of a service: from a millisecond to half a minute. */
const WORK_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Life of a saga: from ten milliseconds to a day. */
const LIFE_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200, 86_400];
/** A confirm of the broker or a commit of the embedded store. */
const CONFIRM_SECONDS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];

/** Every number that Aura's own code takes, by its name in Prometheus. docs/observability.md lists them for people. */
export const METRICS = {
  aura_sagas_started_total: {
    kind: 'counter',
    help: 'Sagas whose journal was opened by this process.',
    labels: ['definition'],
  },
  aura_sagas_ended_total: {
    kind: 'counter',
    help: 'Sagas whose end was recorded by this process, by the state they ended in.',
    labels: ['definition', 'status'],
  },
  aura_sagas_stopped_total: {
    kind: 'counter',
    help: 'Sagas that stopped going forward and wait for a person or for their undo, by state.',
    labels: ['definition', 'status'],
  },
  aura_saga_duration_seconds: {
    kind: 'histogram',
    help: 'Time from the start of a saga to its recorded end.',
    labels: ['definition', 'status'],
    buckets: LIFE_SECONDS,
  },
  aura_sagas_in_flight: {
    kind: 'gauge',
    help: 'Running sagas of the whole installation, as last measured.',
    labels: [],
  },
  aura_start_refusals_total: {
    kind: 'counter',
    help: 'Wishes to start a saga that were refused, sub-sagas that never began among them, by reason.',
    labels: ['code'],
  },
  aura_step_duration_seconds: {
    kind: 'histogram',
    help: 'Time that a participant took for one delivery of a step, by what came of it.',
    labels: ['participant', 'action', 'outcome'],
    buckets: WORK_SECONDS,
  },
  aura_deliveries_total: {
    kind: 'counter',
    help: 'Deliveries that a consumer handled, by what came of them.',
    labels: ['consumer', 'outcome'],
  },
  aura_retries_total: {
    kind: 'counter',
    help: 'Deliveries put on the retry ladder.',
    labels: ['consumer'],
  },
  aura_dead_letters_total: {
    kind: 'counter',
    help: 'Dead letters that a consumer wrote, by kind of failure.',
    labels: ['consumer', 'kind'],
  },
  aura_publish_confirm_seconds: {
    kind: 'histogram',
    help: 'Time from publishing to the confirm of every copy, for each call.',
    labels: ['outcome'],
    buckets: CONFIRM_SECONDS,
  },
  aura_published_events_total: {
    kind: 'counter',
    help: 'Events that were handed to the bus.',
    labels: ['outcome'],
  },
  aura_bus_up: {
    kind: 'gauge',
    help: '1 while the bus is up, 0 while it is down or asks publishers to wait.',
    labels: [],
  },
  aura_tracker_lag_events: {
    kind: 'gauge',
    help: 'Events that wait to be tracked in the fullest partition of this process, as last measured.',
    labels: [],
  },
  aura_partitions_owned: {
    kind: 'gauge',
    help: 'Tracker partitions that this process owns.',
    labels: [],
  },
  aura_overdue_total: {
    kind: 'counter',
    help: 'Things past the time that they said, each told once an hour, by kind.',
    labels: ['kind'],
  },
  aura_timers_due: {
    kind: 'gauge',
    help: 'Due timers of the partitions of this process, as found at the last look.',
    labels: [],
  },
  aura_timers_fired_total: {
    kind: 'counter',
    help: 'Due timers that were published, by kind.',
    labels: ['kind'],
  },
  aura_consumer_paused: {
    kind: 'gauge',
    help: '1 while the breaker of a consumer is open, else 0.',
    labels: ['consumer'],
  },
  aura_consumer_pauses_total: {
    kind: 'counter',
    help: 'How often the breaker of a consumer opened.',
    labels: ['consumer'],
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** Name of a metric. */
export type MetricName = keyof typeof METRICS;
type NameOf<K extends MetricDefinition['kind']> = {
  [N in MetricName]: (typeof METRICS)[N]['kind'] extends K ? N : never;
}[MetricName];
export type CounterName = NameOf<'counter'>;
export type GaugeName = NameOf<'gauge'>;
export type HistogramName = NameOf<'histogram'>;
/** The labels of a metric, each with its value. */
export type LabelsOf<N extends MetricName> = Readonly<Record<(typeof METRICS)[N]['labels'][number], string>>;
