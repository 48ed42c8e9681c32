import type { Journal } from '@aura/kernel';
import type { BusUnderTest } from './bus-under-test';

/** A bus that shares its store with journals. */
export interface TellingUnderTest extends BusUnderTest {
  /** A journal of the bus's own store, as a client of the bus holds it. */
  journal(namespace: string): Journal;
}
