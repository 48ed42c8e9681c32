import { runEmbedded } from './embedded-run';
import { faultsOf, reportText } from './fault-report';

// The short form of `npm run faults -- --embedded --kills 100`.
const SHORT = { kills: 5, inFlight: 20 };

jest.setTimeout(600_000);

describe('an embedded Aura that is killed under load', () => {
  it('loses nothing, does nothing twice, and leaves nothing half done', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31).toString(36);
    const report = await runEmbedded({ ...SHORT, seed, say: () => undefined });
    console.log(reportText(report));
    expect(faultsOf(report)).toEqual([]);
    expect(report.struck).toEqual({ process: SHORT.kills });
    expect(report.findings.sagas).toBeGreaterThanOrEqual(SHORT.inFlight);
  });
});
