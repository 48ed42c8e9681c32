const { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } = require('node:fs');

const MEMORY = '/dev/shm';
/** More than the specs that run at a time have there, bytes. */
const ROOM = 4 * 1024 ** 3;

/**
 * A folder in memory for the temporary files of one spec file, and how it is removed; undefined where there is no room for one. An embedded
 * Aura waits for the disk at every commit, and that was half the time of many specs. Nothing is proven less: a process that is killed
 * leaves its files as they are in memory, too, and no spec pulls the plug of the machine. A `TMPDIR` of the environment wins.
 */
exports.memoryFolder = function memoryFolder() {
  if (process.env.TMPDIR || !isFit()) return undefined;
  sweep();
  const path = mkdtempSync(`${MEMORY}/aura-specs-${process.pid}-`);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
};

/** Removes what a process left that ended in the middle of a file. */
function sweep() {
  for (const name of readdirSync(MEMORY)) {
    const pid = /^aura-specs-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && isGone(Number(pid)))
      rmSync(`${MEMORY}/${name}`, { recursive: true, force: true });
  }
}

function isGone(pid) {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

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
