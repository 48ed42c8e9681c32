import type { Actor } from '@aura/saga';
import type { DoorSettings } from '../settings/service-settings';
import { ForbiddenError, UnauthenticatedError } from './auth-errors';
import { bearerTokenOf, isSameSecret } from './bearer-token';
import { KeySet } from './key-set';
import { localActor } from './local-actor';

/** The role of those who change what all others work with. */
export const OPERATOR = 'operator';

/** The settings that say whom a door lets in. */
export type AuthSettings = Pick<
  DoorSettings,
  'AURA_TOKEN' | 'AURA_AUTH_JWKS' | 'AURA_AUTH_ISSUER' | 'AURA_AUTH_AUDIENCE'
>;

/**
 * Knows who comes through a door. Without settings nobody is asked, and who acts is the local user; such a door listens
 * on loopback only.
 */
export class Authenticator {
  private constructor(
    private readonly token: string | undefined,
    private readonly keys: KeySet | undefined,
    private readonly local: Actor,
  ) {}

  /** Errors: `UnsafeSetupError` for a key set that cannot be read. */
  static of(settings: AuthSettings, local: Actor = localActor()): Authenticator {
    const {
      AURA_TOKEN,
      AURA_AUTH_JWKS: jwks,
      AURA_AUTH_ISSUER: issuer,
      AURA_AUTH_AUDIENCE: audience,
    } = settings;
    const keys = jwks === undefined ? undefined : KeySet.open(jwks, { issuer, audience });
    return new Authenticator(AURA_TOKEN, keys, local);
  }

  /** Whether anybody is asked. */
  get isAsking(): boolean {
    return this.token !== undefined || this.keys !== undefined;
  }

  /** Who an `Authorization` header speaks for. Errors: `UnauthenticatedError`, `StoreUnavailableError`. */
  async actorOf(authorization: string | undefined): Promise<Actor> {
    if (!this.isAsking) return this.local;
    const token = bearerTokenOf(authorization);
    if (token === undefined) throw new UnauthenticatedError('the request brings no bearer token');
    if (this.token !== undefined && isSameSecret(token, this.token))
      return { subject: 'token:operator', roles: [OPERATOR] };
    if (this.keys === undefined) throw new UnauthenticatedError('the token is not the one of this Aura');
    return this.keys.actorOf(token);
  }

  /** Lets an actor on who has the role, and everybody where nobody is asked. Errors: `ForbiddenError`. */
  demand(role: string, { subject, roles }: Actor): void {
    if (this.isAsking && !roles.includes(role)) throw new ForbiddenError(subject, role);
  }
}
