import { openEmbeddedRuntime } from '@aura/nest';
import { composeAura } from './compose';
import type { ComposeOptions, RunningAura } from './compose';
import { telling, toldBy } from './told';

/** How an embedded Aura is started. */
export interface EmbeddedAuraOptions extends ComposeOptions {
  /** Folder of all its data; made when it is not there. One process owns it. */
  readonly dataDir: string;
}

/** Starts coordinator and services in this process, without any server. Other processes of this machine may join. */
export async function startEmbedded(options: EmbeddedAuraOptions): Promise<RunningAura> {
  const told = toldBy(options);
  const { dataDir } = options;
  const { log, meter } = told;
  const runtime = await telling(told, () => openEmbeddedRuntime({ dataDir, log, meter, door: true }));
  const running = await composeAura(runtime, options, told);
  return runtime.door === undefined ? running : { ...running, door: runtime.door };
}
