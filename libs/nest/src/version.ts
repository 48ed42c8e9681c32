import { version } from '../package.json';

/** Version of Aura. */
export const AURA_VERSION: string = version;
