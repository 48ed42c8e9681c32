import { busConformance } from '@aura/messaging/testing';
import { embeddedBusUnderTest } from '../testing/embedded-bus-under-test';

busConformance('the embedded bus', () => embeddedBusUnderTest('suite'));
