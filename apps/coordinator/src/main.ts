import { runProcess } from '@aura/nest';
import { startCoordinatorOnServers } from './coordinator-process';

void runProcess((_log, signal) =>
  startCoordinatorOnServers({ env: process.env, args: process.argv.slice(2) }, { signal }),
);
