import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runJest } from './jest.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** True when a run without a browser is a failure. */
const browserRequired = ['1', 'true'].includes(process.env['AURA_REQUIRE_BROWSER'] ?? '');

/** Where Chromium is: `AURA_CHROMIUM`, or the first one on the path. */
function chromium() {
  const named = process.env['AURA_CHROMIUM'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/**
 * The suite in a browser; without one, a line says that it is left out.
 * @returns {Promise<boolean>} false when a test failed, and when the browser is missing though it is required
 */
export async function browserSuite() {
  const path = chromium();
  if (path !== undefined) {
    process.env['AURA_CHROMIUM'] = path;
    return runJest({ run: 'browser', project: 'browser' });
  }
  const verb = browserRequired ? 'cannot run' : 'are left out';
  console.error(
    `The tests in a browser ${verb}: there is no Chromium on the path (AURA_CHROMIUM names one).`,
  );
  return !browserRequired;
}
