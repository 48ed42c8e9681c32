export { startCoordinatorOnServers, startCoordinatorProcess } from './coordinator-process';
export type { CoordinatorProcess, CoordinatorProcessOptions } from './coordinator-process';
export { BuiltInDefinitions, builtInFolder } from './built-in-definitions';
export { originSettings } from './settings';
