import { openServerRuntime, runProcess, serverEnvironment } from '@aura/nest';
import { z } from 'zod';
import { startCoordinatorProcess } from './coordinator-process';

/** Port of the coordinator's HTTP door. */
const settings = z.object({ PORT: z.coerce.number().int().min(0).max(65_535).default(8006) });

void runProcess(async (log) => {
  const { PORT } = settings.parse(process.env);
  const runtime = await openServerRuntime(serverEnvironment(process.env, 'coordinator'), log);
  const running = await startCoordinatorProcess(runtime, { port: PORT, log });
  return {
    ready: `coordinator ready at ${running.url}`,
    stop: async () => {
      await running.stop();
      await runtime.close();
    },
  };
});
