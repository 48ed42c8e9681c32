import { AuraError } from '@aura/kernel';

/** Nobody said who they are, or it could not be believed; 401 on HTTP. */
export class UnauthenticatedError extends AuraError {
  constructor(message: string, cause?: unknown) {
    super(message, {
      code: 'UNAUTHENTICATED',
      help: 'Send Authorization: Bearer and a token that this Aura knows (AURA_TOKEN, or one signed by a key of AURA_AUTH_JWKS).',
      cause,
    });
  }
}

/** Who asks is known, and lacks the role; 403 on HTTP. */
export class ForbiddenError extends AuraError {
  constructor(subject: string, role: string) {
    super(`${subject} does not have the role ${role}, which this needs`, {
      code: 'FORBIDDEN',
      help: `Use a token whose claim roles holds ${role}.`,
      details: { subject, role },
    });
  }
}
