import { StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';
import type { Actor } from '@aura/saga';
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UnauthenticatedError } from './auth-errors';

/** How long the keys may take to arrive, ms. */
const KEYS_WITHIN_MS = 3000;
/** Clocks may differ by so much, s. */
const TOLERANCE_S = 5;
/** A key set is public, so a shared secret in it would be none: only keys in two halves count. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const claims = z.object({
  sub: z.string().min(1).max(200),
  /** A list, or one text with blanks between. */
  roles: z
    .union([z.array(z.string().max(100)).max(100), z.string().max(2000)])
    .default([])
    .transform((roles) => (typeof roles === 'string' ? roles.split(' ').filter(Boolean) : roles)),
});

/** What tokens must name beside a subject and an end. */
export interface KeySetOptions {
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
}

/** Believes JSON Web Tokens that a key of a set has signed: `sub` is the subject, `roles` the roles, `exp` must be there. */
export class KeySet {
  private constructor(
    private readonly keys: JWTVerifyGetKey,
    private readonly options: JWTVerifyOptions,
  ) {}

  /** `where`: an http(s) URL, fetched when first needed and again for unknown keys, or a file. Errors: `UnsafeSetupError`. */
  static open(where: string, { issuer, audience }: KeySetOptions = {}): KeySet {
    return new KeySet(keysAt(where), {
      algorithms: ALGORITHMS,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: TOLERANCE_S,
      ...(issuer === undefined ? {} : { issuer }),
      ...(audience === undefined ? {} : { audience }),
    });
  }

  /** Who a token speaks for. Errors: `UnauthenticatedError`; `StoreUnavailableError` when the keys cannot be fetched. */
  async actorOf(token: string): Promise<Actor> {
    const { payload } = await jwtVerify(token, this.keys, this.options).catch((error: unknown) => {
      throw refusalOf(error);
    });
    const parsed = claims.safeParse(payload);
    if (parsed.success) return { subject: parsed.data.sub, roles: parsed.data.roles };
    throw new UnauthenticatedError('the token names no subject, or its roles are neither a list nor a text');
  }
}

function keysAt(where: string): JWTVerifyGetKey {
  try {
    if (/^https?:\/\//.test(where))
      return createRemoteJWKSet(new URL(where), { timeoutDuration: KEYS_WITHIN_MS });
    return createLocalJWKSet(
      JSON.parse(readFileSync(where, 'utf8')) as Parameters<typeof createLocalJWKSet>[0],
    );
  } catch (error) {
    throw new UnsafeSetupError(
      `AURA_AUTH_JWKS is ${JSON.stringify(where)}, and no key set can be read there: ${textOf(error)}`,
      'Set AURA_AUTH_JWKS to an http(s) URL or to a file that holds {"keys": [...]}.',
      error,
    );
  }
}

/** What is wrong with the token is the sender's; that the keys cannot be had is not. */
function refusalOf(error: unknown): Error {
  if (isAboutToken(error))
    return new UnauthenticatedError(`the token is not believed: ${textOf(error)}`, error);
  return new StoreUnavailableError(`the key set of AURA_AUTH_JWKS cannot be had: ${textOf(error)}`, error);
}

function isAboutToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return error instanceof TypeError;
  // The generic one and these come from fetching the set.
  return !['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(error.code);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
