export { cli } from './cli';
export type { CliWorld } from './cli';
export { ExitCode } from './exit-code';
export { terminalOn } from './terminal';
export type { Terminal } from './terminal';
