import type { AuraRuntime } from '@aura/nest';
import { Lab } from './lab';
import type { LabOptions } from './lab';

/** Opens what a lab runs on; undefined: it has an embedded runtime of its own. */
export type OpenRuntime = () => Promise<AuraRuntime | undefined>;

/** Opens a lab before the tests of a block, gives it to `ready`, and closes it and its runtime behind them. */
export function labAround(
  open: OpenRuntime,
  options: Omit<LabOptions, 'runtime'>,
  ready: (lab: Lab) => void | Promise<void>,
): void {
  let lab: Lab | undefined;
  let runtime: AuraRuntime | undefined;

  beforeAll(async () => {
    runtime = await open();
    lab = await Lab.open({ ...options, ...(runtime === undefined ? {} : { runtime }) });
    await ready(lab);
  }, 60_000);

  afterAll(async () => {
    await lab?.close();
    await runtime?.close();
  }, 30_000);
}
