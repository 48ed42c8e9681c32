import { build, isBuilt } from './build.mjs';
import { install, isInstalled } from './install.mjs';
import { alone } from './alone.mjs';

/**
 * Brings `node_modules` and every `dist` up to date. Takes some tens of milliseconds when there is nothing to do, and is silent
 * then. Rejects with a sentence for a person.
 */
export async function ensure() {
  if (isInstalled() && isBuilt()) return;
  await alone(async () => {
    // Asked again: whoever held the lock may have done the work.
    if (!isInstalled()) await install();
    if (!isBuilt()) await build();
  });
}
