import { runProcess } from '@aura/nest';
import { startLabHost } from './lab-host';

// The whole lab as one process: `node lab-host-process.js <folder> <port>`.
void runProcess(async (log) => {
  const [, , folder = '', port = '0'] = process.argv;
  const host = await startLabHost(folder, Number(port), log);
  return { ready: `lab ready at ${host.url}`, stop: () => host.stop() };
});
