import { version } from '../package.json';
import { cli } from './cli';
import { interruptible } from './interruption';
import { terminalOn } from './terminal';

// Whoever reads us may stop reading (`aura … | head`); that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void cli({
  args: process.argv.slice(2),
  version,
  terminal: terminalOn(process, process.env),
  signal: interruptible(),
  debug: Boolean(process.env['AURA_DEBUG']),
}).then((code) => {
  process.exitCode = code;
});
