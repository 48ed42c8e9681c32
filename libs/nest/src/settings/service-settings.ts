import { z } from 'zod';

/** A whole number between two bounds, from the text of a variable. */
export function wholeNumber(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

function url(...protocols: readonly string[]) {
  const begins = protocols.map((protocol) => `${protocol}://`).join(' or ');
  const error = `must be a URL that begins with ${begins}`;
  // Not by `URL`: several hosts (a replica set) are none in its eyes.
  return z.string({ error }).regex(new RegExp(`^(${protocols.map(escaped).join('|')})://[^\\s/]`), { error });
}

function escaped(protocol: string): string {
  return protocol.replace('+', '\\+');
}

function text(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error });
}

/** Where the servers are, and how this process calls itself. */
export const serverSettings = z.object({
  AURA_RABBITMQ_URL: url('amqp', 'amqps'),
  AURA_MONGODB_URL: url('mongodb', 'mongodb+srv'),
  AURA_REDIS_URL: url('redis', 'rediss'),
  /** Begins the name of every database and Redis key; one installation, one prefix. */
  AURA_PREFIX: text(
    /^[a-z][a-z0-9-]{0,20}$/,
    'must be a lower-case letter and up to 20 lower-case letters, digits or dashes',
  ).default('aura'),
  /** Name of this process among all that live; default: service, host and process id. */
  AURA_INSTANCE: text(/^[!-~]{1,80}$/, 'must be 1 to 80 printable characters without spaces').optional(),
});

/** Where a process listens, and whom it lets in. */
export const doorSettings = z.object({
  /** 0: any free port. */
  PORT: wholeNumber(0, 65_535),
  /** Address to listen on; any but a loopback one needs a way to know who comes. */
  AURA_HOST: text(/^[0-9A-Za-z.:_-]{1,253}$/, 'must be an address or a host name').default('127.0.0.1'),
  /** A secret; who brings it as a bearer token is an operator. */
  AURA_TOKEN: text(/^[!-~]{16,512}$/, 'must be 16 to 512 printable characters without spaces').optional(),
  /** Key set that signs the tokens of those who come: an http(s) URL, or a file. */
  AURA_AUTH_JWKS: z.string().optional(),
  /** Issuer that tokens must name. */
  AURA_AUTH_ISSUER: z.string().optional(),
  /** Audience that tokens must name. */
  AURA_AUTH_AUDIENCE: z.string().optional(),
});

/** What a service takes in hand, and how long it may take to let go. */
export const workSettings = z.object({
  /** Most deliveries in hand. */
  AURA_PREFETCH: wholeNumber(1, 2000).default(100),
  /** Time for what is in hand when the process stops, ms; the rest is given back. */
  AURA_GRACE_MS: wholeNumber(0, 15_000).default(5000),
});

/** The settings of a service that listens on a port unless told otherwise; an app adds its own with `.extend`. */
export function serviceSettings(port: number) {
  const { PORT } = doorSettings.shape;
  return serverSettings
    .extend(doorSettings.shape)
    .extend(workSettings.shape)
    .extend({ PORT: PORT.default(port) });
}

/** What {@link serviceSettings} reads. */
export type ServiceSettings = z.output<ReturnType<typeof serviceSettings>>;

/** What {@link doorSettings} reads. */
export type DoorSettings = z.output<typeof doorSettings>;
