export { busConformance } from './bus-suite';
export type { BusClient, BusUnderTest } from './bus-under-test';
export { tellingConformance } from './telling-suite';
export type { TellingUnderTest } from './telling-under-test';
export { fastStoresConformance } from './fast-stores-suite';
export type { FastStoresHarness } from './fast-stores-harness';
export { quiet, someEvent, Tap, until } from './bus-probe';
