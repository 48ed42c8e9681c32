import { PrometheusMeter } from '@aura/telemetry';

/** What a process measures, with what Node tells of it; made once a process. */
export function processMetrics(): PrometheusMeter {
  return new PrometheusMeter().withProcess();
}
