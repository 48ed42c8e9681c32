/** Why a value is refused, as the end of a sentence that begins with the attribute's name; undefined: it is fine. */
export type AttributeRule = (value: unknown) => string | undefined;

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/** Control characters, surrogates without partner, and what Unicode reserves as noncharacters. */
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;

/** Whether a text may stand in an attribute of an event: without control characters, lone surrogates and noncharacters. */
export function isEventText(text: string): boolean {
  return PRINTABLE_ASCII.test(text) || !FORBIDDEN.test(text);
}

/** A CloudEvents String of any length. */
export const text: AttributeRule = (value) => {
  if (typeof value !== 'string') return 'must be a string';
  return isEventText(value)
    ? undefined
    : 'must be free of control characters, lone surrogates and noncharacters';
};

/** A CloudEvents String of at least one character. */
export const filledText: AttributeRule = (value) => (value === '' ? 'must not be empty' : text(value));

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

function isInt32(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= INT32_MIN && Number(value) <= INT32_MAX;
}

/** A CloudEvents Integer (32 bits, signed) that is at least `least`. */
export function integerFrom(least: number): AttributeRule {
  return (value) =>
    isInt32(value) && value >= least ? undefined : `must be a whole number from ${least} to ${INT32_MAX}`;
}

/** What an extension that nobody knows may hold: String, Boolean or Integer. */
export const extensionValue: AttributeRule = (value) => {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean' || isInt32(value)) return undefined;
  return 'must be a string, a boolean or a whole number of 32 bits';
};

// RFC 3986, appendix A. Alternatives begin with different characters, so that matching stays linear.
const PERCENT = '%[0-9A-Fa-f]{2}';
const SEGMENT_CHAR = `(?:[\\w.~!$&'()*+,;=:@-]|${PERCENT})`;
const SEGMENT_CHAR_NO_COLON = `(?:[\\w.~!$&'()*+,;=@-]|${PERCENT})`;
const USER = `(?:(?:[\\w.~!$&'()*+,;=:-]|${PERCENT})*@)?`;
const HOST = `(?:\\[[0-9A-Fa-fv:.]+\\]|(?:[\\w.~!$&'()*+,;=-]|${PERCENT})*)`;
const ROOTED = `(?:/(?:${SEGMENT_CHAR}|/)*)?`;
const AUTHORITY = `//${USER}${HOST}(?::\\d*)?${ROOTED}`;
const SCHEME = '[A-Za-z][A-Za-z0-9+.-]*:';
const PATH = `(?!//)(?:${SEGMENT_CHAR}|/)*`;
const RELATIVE_PATH = `(?!//)(?:${SEGMENT_CHAR_NO_COLON}+${ROOTED}|${ROOTED})`;
const REST = `(?:\\?(?:${SEGMENT_CHAR}|[/?])*)?(?:#(?:${SEGMENT_CHAR}|[/?])*)?`;
const URI = new RegExp(`^${SCHEME}(?:${AUTHORITY}|${PATH})${REST}$`);
const URI_REFERENCE = new RegExp(
  `^(?:${SCHEME}(?:${AUTHORITY}|${PATH})|${AUTHORITY}|${RELATIVE_PATH})${REST}$`,
);

/** Longest URI or media type that is looked at, in characters: far beyond it the regular expression runs out of stack. */
const URI_LIMIT = 65_536;

function matches(syntax: RegExp, value: unknown): boolean {
  return typeof value === 'string' && value.length <= URI_LIMIT && syntax.test(value);
}

/** A URI reference of RFC 3986, 1 to 65,536 characters: `/sensors/7`, `urn:x:y`, `https://example.com/a#b`. */
export const uriReference: AttributeRule = (value) =>
  value !== '' && matches(URI_REFERENCE, value)
    ? undefined
    : 'must be a URI reference (RFC 3986) of 1 to 65,536 characters';

/** A URI with a scheme, at most 65,536 characters. A fragment is let through, as people point into schemas with it. */
export const absoluteUri: AttributeRule = (value) =>
  matches(URI, value) ? undefined : 'must be an absolute URI (RFC 3986) of at most 65,536 characters';

const TOKEN = "[\\w!#$%&'*+.^`|~-]+";
const QUOTED = '"(?:[\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\t\\x20-\\x7e])*"';
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?:[\\t ]*;[\\t ]*${TOKEN}=(?:${TOKEN}|${QUOTED}))*$`);

/** A media type of RFC 2046 with its parameters: `application/json; charset=utf-8`. */
export const mediaType: AttributeRule = (value) =>
  value === 'application/json' || matches(MEDIA_TYPE, value)
    ? undefined
    : 'must be a media type such as application/json';
