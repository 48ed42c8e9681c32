export { createHttpApp } from './http-app';
export type { HttpAppOptions } from './http-app';
export type { HttpDependencies } from './http-dependencies';
export { HttpModule, httpModule } from './http-module';
export { httpSettings } from './http-settings';
export type { HttpSettings } from './http-settings';
export { listen } from './listen';
export type { ListenOptions } from './listen';
export { localActor } from './local-actor';
