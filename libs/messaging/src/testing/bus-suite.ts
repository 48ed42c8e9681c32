import { describeBounds } from './bus-bound-cases';
import { describeConsuming } from './bus-consuming-cases';
import { describeDecoding } from './bus-decoding-cases';
import { BusProbe } from './bus-probe';
import { describePublishing } from './bus-publishing-cases';
import { describeReturns } from './bus-return-cases';
import { describeRouting } from './bus-routing-cases';
import type { BusUnderTest } from './bus-under-test';

/** Proves that a bus keeps the contract of `EventBus`. `factory` is called once, before all cases. */
export function busConformance(name: string, factory: () => Promise<BusUnderTest>): void {
  jest.setTimeout(30_000);
  describe(`${name} is an event bus`, () => {
    const probe = new BusProbe();
    beforeAll(async () => probe.begin(await factory()), 60_000);
    afterEach(() => probe.closeClients());
    afterAll(() => probe.end(), 30_000);

    describePublishing(probe);
    describeRouting(probe);
    describeConsuming(probe);
    describeDecoding(probe);
    describeReturns(probe);
    describeBounds(probe);
  });
}
