import { runProcess } from '@aura/nest';
import { startFaultsHost } from './faults-host';

// A whole embedded Aura of a fault run as one process: `node faults-host-process.js <folder> <port>`.
void runProcess(async (log) => {
  const [, , folder = '', port = '0'] = process.argv;
  const host = await startFaultsHost(folder, Number(port), log);
  return { ready: `faults ready at ${host.url}`, stop: () => host.stop() };
});
