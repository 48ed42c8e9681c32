import { busConformance } from '@aura/messaging/testing';
import { simulatedBusUnderTest } from './testing/simulated-bus-under-test';

busConformance('the simulated bus', () =>
  Promise.resolve(simulatedBusUnderTest('suite', { isOneStore: false })),
);
