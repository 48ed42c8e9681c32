import { UnsafeSetupError } from '@aura/kernel';
import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether only this machine can reach an address. A name other than `localhost` may lead anywhere. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host.toLowerCase() === 'localhost';
  return LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/** Refuses an address that others can reach, unless they are asked who they are. Errors: `UnsafeSetupError`. */
export function requireSafeBinding(host: string, isAsking: boolean): void {
  if (isAsking || isLoopback(host)) return;
  throw new UnsafeSetupError(
    `AURA_HOST is ${JSON.stringify(host)}, which other machines can reach, and nobody would be asked who they are`,
    'Set AURA_TOKEN or AURA_AUTH_JWKS, or leave AURA_HOST at 127.0.0.1.',
  );
}
