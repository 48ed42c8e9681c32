const { mkdtempSync, readFileSync, rmSync, statfsSync } = require('node:fs');

const MEMORY = '/dev/shm';
/** More than all specs together have there at a time, bytes. */
const ROOM = 4 * 1024 ** 3;

/**
 * Lets specs have their temporary files in memory, where there is room: an embedded Aura waits for the disk at every commit, and that
 * was half the time of many specs. Nothing is proven less: a process that is killed leaves its files as they are in memory, too, and
 * no spec pulls the plug of the machine. A `TMPDIR` of the environment wins.
 */
exports.useMemoryFolder = function useMemoryFolder() {
  if (process.env.TMPDIR || !isFit()) return;
  const folder = mkdtempSync(`${MEMORY}/aura-`);
  process.env.TMPDIR = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
};

/** Specs install packages and run them: a mount that runs nothing, as in many containers, is no place for that. */
function isFit() {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    const mount = mounts.map((line) => line.split(' ')).findLast(([, place]) => place === MEMORY);
    if (mount === undefined || mount[2] !== 'tmpfs' || mount[3].split(',').includes('noexec')) return false;
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM;
  } catch {
    return false; // not a Linux, or not ours to look at
  }
}
