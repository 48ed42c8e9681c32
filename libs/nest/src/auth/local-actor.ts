import type { Actor } from '@aura/saga';
import { userInfo } from 'node:os';

/** The operating system's user as an actor, `local:<name>`; by number where the user has no name (containers). */
export function localActor(readName: () => string = () => userInfo().username): Actor {
  let name: string;
  try {
    name = readName();
  } catch {
    // An uid without an entry in the user database is normal in containers.
    name = String(process.getuid?.() ?? 'unknown');
  }
  return { subject: `local:${name}`, roles: [] };
}
