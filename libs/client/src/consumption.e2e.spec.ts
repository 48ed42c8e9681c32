import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { browserBundle } from './testing/browser-bundle';

const ROOT = resolve(__dirname, '../../..');
/** More would be noticed on a page; `import { z }` instead of `import * as z` anywhere brings all of zod along. */
const MOST_BYTES = 200_000;

/** What a user of the package does with what it exports. */
const USE = `
  const aura = connect({ url: 'http://127.0.0.1:9', retries: 0 });
  aura.get('s').catch((error) => console.log(isAuraClientError(error), error instanceof AuraUnreachableError, hasEnded('failed')));
`;
const NAMES = '{ connect, AuraUnreachableError, isAuraClientError, hasEnded }';

async function node(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, timeout: 20_000 });
  return stdout.trim();
}

describe('the built package', () => {
  it.each([
    ['import', ['--input-type=module', '-e', `import ${NAMES} from '@aura/client'; ${USE}`]],
    ['require', ['--input-type=commonjs', '-e', `const ${NAMES} = require('@aura/client'); ${USE}`]],
  ])('is taken by %s', async (_how, args) => {
    expect(await node(...args)).toBe('true true true');
  });

  it('has nothing of Node in it, and nothing of Aura but the contracts, when a browser takes it', async () => {
    const { text, inputs } = await browserBundle();
    expect(text).not.toMatch(/["']node:/);
    expect(text.length).toBeLessThan(MOST_BYTES);
    const ours = Object.keys(inputs).filter((path) => !path.includes('node_modules/'));
    expect(ours.filter((path) => !/^(libs\/client|contracts)\/src\//.test(path))).toEqual([]);
    expect(ours.length).toBeGreaterThan(10);
  });
});
