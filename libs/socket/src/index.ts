export { socketAddress } from './address';
export type { SocketAddress } from './address';
export type { JoinOptions } from './client/options';
export { joinAura } from './join-aura';
export type { JoinedAura } from './join-aura';
export { openDoor } from './server/open-door';
export type { DoorOptions, SocketDoor } from './server/open-door';
export type { LosableBus, Served } from './server/served';
