import { NO_METER } from '@aura/kernel';
import { openEmbeddedRuntime } from '@aura/nest';
import { composeAura } from './compose';
import type { ComposeOptions, RunningAura } from './compose';

/** How an embedded Aura is started. */
export interface EmbeddedAuraOptions extends ComposeOptions {
  /** Folder of all its data; made when it is not there. One process owns it. */
  readonly dataDir: string;
}

/** Starts coordinator and services in this process, without any server. Other processes of this machine may join. */
export async function startEmbedded(options: EmbeddedAuraOptions): Promise<RunningAura> {
  const { dataDir, telemetry } = options;
  const { log, meter } = telemetry ?? { log: options.log ?? (() => undefined), meter: NO_METER };
  const runtime = await openEmbeddedRuntime({ dataDir, log, meter, door: true });
  const running = await composeAura(runtime, options);
  return runtime.door === undefined ? running : { ...running, door: runtime.door };
}
