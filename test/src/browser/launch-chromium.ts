import { chromium, type Browser } from 'playwright-core';

/** Chromium for a machine without a screen, that looks nothing up by itself. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the Chromium that `AURA_CHROMIUM` names. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env['AURA_CHROMIUM'];
  if (executablePath === undefined)
    throw new Error('AURA_CHROMIUM does not say where Chromium is; npm run verify finds it, or is told');
  return chromium.launch({ executablePath, args: ARGS });
}
