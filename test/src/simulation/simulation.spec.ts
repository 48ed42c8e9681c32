import { FAULT_NAMES } from '@aura/testing';
import type { FaultName } from '@aura/testing';
import { createHash } from 'node:crypto';
import { simulate } from './simulate';
import type { Simulated } from './simulate';
import { worldsOf } from './simulate';
import { rerunCommand } from './report';

const ALL = new Set(Object.keys(FAULT_NAMES) as FaultName[]);
const NONE = new Set<FaultName>();

/** Long enough for a busy machine; a guard against hanging. */
const PATIENCE_MS = 240_000;

function demandNothingWrong({ failed }: Simulated, seed: string, sagas: number): void {
  const [first] = failed;
  if (first === undefined) return;
  const told = first.result.violations.map(
    ({ invariant, message, saga }) => `${invariant} ${saga}: ${message}`,
  );
  const again = rerunCommand({ seed, sagas, faults: ALL }, first.n);
  throw new Error(`${again}\n${told.slice(0, 5).join('\n')}`);
}

describe('the simulation', () => {
  it(
    'finds every invariant held under all faults',
    async () => {
      const simulated = await simulate({ seed: 'fixed', sagas: 250, faults: ALL });
      demandNothingWrong(simulated, 'fixed', 250);
      expect(simulated.sagas).toBe(250);
      expect(simulated.struck).toBeGreaterThan(simulated.sagas / 2);
    },
    PATIENCE_MS,
  );

  it(
    'is the same byte for byte with the same seed, and another with another',
    async () => {
      const logOf = async (seed: string): Promise<string> => {
        const hash = createHash('sha256');
        await simulate({ seed, sagas: 30, faults: ALL, onTrace: (line) => void hash.update(`${line}\n`) });
        return hash.digest('hex');
      };
      const first = await logOf('same');
      expect(await logOf('same')).toBe(first);
      expect(await logOf('other')).not.toBe(first);
    },
    PATIENCE_MS,
  );

  it(
    'strikes nobody when no faults are asked for',
    async () => {
      const calm = await simulate({ seed: 'calm', sagas: 100, faults: NONE });
      demandNothingWrong(calm, 'calm', 100);
      expect([calm.struck, calm.hits.lines()]).toEqual([0, [expect.any(String)]]);
    },
    PATIENCE_MS,
  );

  it('makes worlds that do not depend on each other, so that one can be run alone', () => {
    const options = { seed: 's', sagas: 600, faults: ALL };
    expect(worldsOf(options).map(({ sagas }) => sagas)).toEqual([250, 250, 100]);
    expect(worldsOf({ ...options, only: 2 })).toEqual([{ n: 2, seed: 's/2', sagas: 100 }]);
    expect(rerunCommand(options, 2)).toBe('npm run simulate -- --sagas 600 --seed s --faults all --only 2');
  });
});
