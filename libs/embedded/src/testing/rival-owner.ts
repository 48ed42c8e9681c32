// A process that takes and gives back the lock of a data file, again and again, and says on stdout `owned N` at the
// end, or `shared` as soon as another process held it at the same time. Arguments: data file, duration in milliseconds.
import { closeSync, openSync, rmSync } from 'node:fs';
import { isAuraError } from '@aura/kernel';
import { takeOwnerLock } from '../store/owner-lock';

/** Whether this process owned the file, alone, for a moment; undefined when another one did. */
function ownOnce(file: string, witness: string): boolean | undefined {
  let lock: ReturnType<typeof takeOwnerLock>;
  try {
    lock = takeOwnerLock(file);
  } catch (error) {
    if (isAuraError(error) && error.code === 'DATA_IN_USE') return undefined;
    throw error;
  }
  try {
    closeSync(openSync(witness, 'wx'));
  } catch {
    return false;
  }
  rmSync(witness);
  lock.release();
  return true;
}

const [file = '', duration] = process.argv.slice(2);
const end = performance.now() + Number(duration);
let owned = 0;
while (performance.now() < end) {
  const alone = ownOnce(file, `${file}.witness`);
  if (alone === false) {
    process.stdout.write('shared\n');
    process.exit(1);
  }
  if (alone === true) owned++;
}
process.stdout.write(`owned ${owned}\n`);
