import { spawn } from 'node:child_process';
import { ROOT } from '../ensure/root.mjs';

/**
 * Runs a program in the checkout with its output here and without input.
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<boolean>} whether it ended with 0
 */
export function command(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0));
  });
}
