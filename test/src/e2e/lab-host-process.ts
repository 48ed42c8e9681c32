import { untilStopped } from '@aura/nest';
import { startLabHost } from './lab-host';

// The whole lab as one process: `node lab-host-process.js <folder> <port>`.
async function main(): Promise<void> {
  const [, , folder = '', port = '0'] = process.argv;
  const host = await startLabHost(folder, Number(port), (line) => void process.stderr.write(`${line}\n`));
  process.stdout.write(`lab ready at ${host.url}\n`);
  await untilStopped(process);
  await host.stop();
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
