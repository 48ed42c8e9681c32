import { ownBreakableServers } from './breakable-servers';
import type { BreakableServers } from './breakable-servers';
import { faultsOf, reportText } from './fault-report';
import { runOnServers } from './servers-run';

// The short form of `npm run faults -- --minutes M`, on servers of its own.
const SHORT = { minutes: 0.75, inFlight: 60, pauseMs: 1500, delayMs: 2000, pauses: false };

jest.setTimeout(900_000);

describe('an Aura on servers whose processes, servers and connections are broken under load', () => {
  let servers: BreakableServers;

  beforeAll(async () => {
    servers = await ownBreakableServers();
  }, 60_000);

  afterAll(() => servers?.close(), 60_000);

  it('loses nothing, does nothing twice, and leaves nothing half done', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31).toString(36);
    const report = await runOnServers(servers, { ...SHORT, seed, say: () => undefined });
    console.log(reportText(report));
    expect(faultsOf(report)).toEqual([]);
    expect(report.findings.sagas).toBeGreaterThanOrEqual(SHORT.inFlight);
    expect(Object.keys(report.struck).length).toBeGreaterThanOrEqual(5);
  });
});
