const HIDDEN = '***';

interface Secret {
  readonly pattern: RegExp;
  readonly with: string;
}

/** What looks like a secret, wherever it stands in a text. Each hides too much rather than too little. */
const SECRETS: readonly Secret[] = [
  // User and password of a URL. Up to the last @: a password may hold one that nobody encoded.
  { pattern: /\b([a-z][a-z0-9+.-]*:\/\/)(?:\\.|[^\s"\\])*@/gi, with: `$1${HIDDEN}@` },
  { pattern: /\b(Bearer)\s+[\w.~+/=-]{4,}/gi, with: `$1 ${HIDDEN}` },
  { pattern: /\b(Basic)\s+[\w+/=-]{12,}/gi, with: `$1 ${HIDDEN}` },
  { pattern: /\beyJ[\w-]{6,}\.[\w-]+\.[\w-]*/g, with: HIDDEN },
  {
    pattern:
      /\b((?:[\w-]*[_-])?(?:password|passwd|pwd|secret|token|api[_-]?key))(\\?["']?\s*[=:]\s*\\?["']?)[^\s"'\\&,;}]+/gi,
    with: `$1$2${HIDDEN}`,
  },
];

/** A text without the secrets in it: credentials in URLs, bearer and basic tokens, JSON Web Tokens, `password=…`. */
export function redactText(text: string): string {
  return SECRETS.reduce((left, secret) => left.replace(secret.pattern, secret.with), text);
}
