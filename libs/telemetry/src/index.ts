export { openLog } from './log/open-log';
export type { LogOptions } from './log/open-log';
export { redactText } from './log/redact-text';
export { PrometheusMeter } from './metrics/prometheus-meter';
export type { MetricsPage } from './metrics/prometheus-meter';
