import type { CounterName, GaugeName, HistogramName, LabelsOf } from './metrics';

/** Counts what happened. */
export interface Counter {
  /** Adds to the count; 1 when nothing is said. */
  add(by?: number): void;
}

/** Gathers measurements of one kind. */
export interface Histogram {
  /** Takes one measurement, in the unit that the metric's name ends with. */
  observe(value: number): void;
}

/**
 * Takes the numbers of a process. Asking again with the same name and labels answers the same instrument, so that what is
 * asked for often is kept. Labels have few values: names of participants, definitions, outcomes; never ids of sagas.
 */
export interface Meter {
  counter<N extends CounterName>(name: N, labels: LabelsOf<N>): Counter;
  histogram<N extends HistogramName>(name: N, labels: LabelsOf<N>): Histogram;
  /** Reads a value whenever somebody looks. Returns how to stop that; a later reader of the same labels replaces it. */
  gauge<N extends GaugeName>(name: N, labels: LabelsOf<N>, read: () => number): () => void;
}

const IDLE = Object.freeze({ add: () => undefined, observe: () => undefined });

/** For those whose numbers nobody wants. */
export const NO_METER: Meter = Object.freeze({
  counter: () => IDLE,
  histogram: () => IDLE,
  gauge: () => () => undefined,
});
