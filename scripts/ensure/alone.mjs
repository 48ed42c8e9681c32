import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './root.mjs';

const LOCK = join(ROOT, '.nx', 'ensure.lock');

/**
 * Runs one piece of work at a time in this checkout, across processes. The lock of a dead process is taken over.
 * @param {() => Promise<void>} work
 */
export async function alone(work) {
  mkdirSync(join(ROOT, '.nx'), { recursive: true });
  let told = false;
  while (!take()) {
    if (!told) console.error('Waiting for another installation or build of this checkout …');
    told = true;
    await delay(200);
  }
  try {
    await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function take() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!ownerLives()) rmSync(LOCK, { force: true });
    return false;
  }
}

function ownerLives() {
  try {
    const pid = Number(readFileSync(LOCK, 'utf8'));
    if (pid === 0) return true; // just created, not yet written
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
