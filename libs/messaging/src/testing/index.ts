export { busConformance } from './bus-suite';
export type { BusClient, BusUnderTest } from './bus-suite';
