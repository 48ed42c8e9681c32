export { browserBundle } from './browser-bundle';
export type { BrowserBundle } from './browser-bundle';
