import { UnsafeSetupError } from '@aura/kernel';
import { z } from 'zod';

/** What `openMongo` takes. Unknown members are refused. */
export const mongoOptionsSchema = z.strictObject({
  /** Connection string, `mongodb://` or `mongodb+srv://`. It may not weaken durability. */
  url: z.string().regex(/^mongodb(\+srv)?:\/\//, 'begins with mongodb:// or mongodb+srv://'),
  /** Database of one participant or of the coordinator; created when first written. */
  database: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'is 1 to 63 letters, digits, _ and -'),
  /** How long a call waits for a server that does not answer, milliseconds. It ends within twice this time. */
  limitMs: z.int().min(100).default(10_000),
  /** Most connections of this process. */
  maxPoolSize: z.int().min(4).default(16),
  /** Most bulk writes of one kind that are under way at once; the rest gathers into larger ones. */
  bulksInFlight: z.int().min(1).default(4),
  /** Most rows of one bulk write. */
  bulkRows: z.int().min(1).default(500),
  /** Most bytes of one payload of the claim check. */
  maxClaimBytes: z
    .int()
    .min(1)
    .default(64 * 1024 * 1024),
  /** Name of this process in the server's logs. */
  appName: z.string().max(100).default('aura'),
});

/** Options of `openMongo` as a caller writes them. */
export type MongoOptions = z.input<typeof mongoOptionsSchema>;

/** Options with their defaults. */
export type CheckedMongoOptions = z.output<typeof mongoOptionsSchema>;

/** Settings of a connection string that weaken what Aura relies on, with the only value that is let through. */
const REQUIRED: Readonly<Record<string, { readonly allowed: string; readonly why: string }>> = {
  w: { allowed: 'majority', why: 'a write that is acknowledged must survive the loss of a server' },
  journal: { allowed: 'true', why: 'a write that is acknowledged must survive a kill of the server' },
  j: { allowed: 'true', why: 'a write that is acknowledged must survive a kill of the server' },
  readconcernlevel: { allowed: 'majority', why: 'what is read must not be rolled back' },
  readpreference: { allowed: 'primary', why: 'what was written must be read' },
};

/** Checks options and connection string; refuses with `UnsafeSetupError`. */
export function checkMongoOptions(options: MongoOptions): CheckedMongoOptions {
  const parsed = mongoOptionsSchema.safeParse(options);
  if (!parsed.success) {
    throw new UnsafeSetupError(
      `MongoDB options are not valid: ${z.prettifyError(parsed.error)}`,
      'Correct the named options (AURA_MONGODB_URL holds the connection string).',
    );
  }
  const query = new URLSearchParams(parsed.data.url.split('?')[1] ?? '');
  for (const [name, value] of query) {
    const required = REQUIRED[name.toLowerCase()];
    if (required && value.toLowerCase() !== required.allowed) {
      throw new UnsafeSetupError(
        `the MongoDB connection string sets ${name}=${value}, but ${required.why}`,
        `Remove ${name} from the connection string; Aura asks for w=majority and journal=true itself.`,
      );
    }
  }
  return parsed.data;
}
