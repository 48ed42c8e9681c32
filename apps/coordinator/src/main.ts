import { openServerRuntime, serverEnvironment, untilStopped } from '@aura/nest';
import { z } from 'zod';
import { startCoordinatorProcess } from './coordinator-process';

/** Port and address of the coordinator's HTTP door. */
const settings = z.object({ PORT: z.coerce.number().int().min(0).max(65_535).default(8006) });

async function main(): Promise<void> {
  const { PORT } = settings.parse(process.env);
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const runtime = await openServerRuntime(serverEnvironment(process.env, 'coordinator'), log);
  const running = await startCoordinatorProcess(runtime, { port: PORT, log });
  process.stdout.write(`coordinator ready at ${running.url}\n`);
  await untilStopped(process);
  await running.stop();
  await runtime.close();
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
