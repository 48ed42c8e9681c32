import { faultsOf, reportText } from './fault-report';
import { runSick } from './sick-run';
import { SICKNESSES } from './sickness';

jest.setTimeout(600_000);

describe('an embedded Aura whose disk is full, whose store becomes read-only, or is slow', () => {
  it('says each time that it is not ready, and why; lives on, and loses nothing once it is over', async () => {
    const said: string[] = [];
    const report = await runSick({ seed: 'sick', inFlight: 12, say: (line) => said.push(line) });
    // Without root, or without strace, some cannot be tried: the report says which, and what to do.
    console.log([...said, reportText(report)].join('\n'));
    expect(faultsOf(report)).toEqual([]);
    const possible = SICKNESSES.filter(({ cannot }) => cannot() === undefined).map(({ name }) => name);
    expect(Object.keys(report.struck)).toEqual(possible);
    expect(said.filter((line) => line.includes('not ready, data is down: '))).toHaveLength(possible.length);
  });
});
