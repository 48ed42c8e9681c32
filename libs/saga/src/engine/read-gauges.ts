import type { Meter } from '@aura/kernel';
import type { Admission } from './admission';
import type { Partitions } from './partitions';
import type { TimerKeeper } from './timer-keeper';

/** What a coordinator can be asked about itself at any moment. */
export interface GaugedParts {
  readonly admission: Pick<Admission, 'measured'>;
  readonly owner: Pick<Partitions, 'list'>;
  readonly timers: Pick<TimerKeeper, 'due'>;
}

/** Lets a meter read how a coordinator stands. Returns how to stop that. */
export function readGauges(meter: Meter, { admission, owner, timers }: GaugedParts): () => void {
  const stops = [
    meter.gauge('aura_sagas_in_flight', {}, () => admission.measured().open),
    meter.gauge('aura_tracker_lag_events', {}, () => admission.measured().lag),
    meter.gauge('aura_partitions_owned', {}, () => owner.list().length),
    meter.gauge('aura_timers_due', {}, () => timers.due()),
  ];
  return () => stops.forEach((stop) => stop());
}
