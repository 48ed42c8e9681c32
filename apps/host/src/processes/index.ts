export type { ProcessState, ProcessStatus } from './process-state';
export { servicePrograms } from './service-programs';
export type { ServiceProgram } from './service-programs';
export { Supervisor } from './supervisor';
export type { SupervisorOptions } from './supervisor';
export { withStoredServers } from './stored-servers';
export { everySagaTraced } from './every-saga-traced';
export { NODE_FLAGS } from '@aura/nest';
