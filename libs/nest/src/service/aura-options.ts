import { kebabName } from '@aura/contracts';
import { UnsafeSetupError } from '@aura/kernel';
import type { Log, Meter } from '@aura/kernel';
import type { Action, Subscription } from '@aura/workflow';
import { z } from 'zod';
import type { AuraRuntime, OwnStores } from '../runtime/runtime';

/** What actions may be made from: the participant's own stores, shared payloads, time and chance. */
export type ActionsGiven = OwnStores & Pick<AuraRuntime, 'world' | 'claims'>;

/** Actions as an array, or made from what the participant is given. */
export type ActionList = readonly Action[] | ((given: ActionsGiven) => readonly Action[]);

/** Names that stand for something else in databases and queues. */
const TAKEN: readonly string[] = ['coordinator', 'shared'];

const KINDS: readonly unknown[] = ['pure', 'reading', 'stateful'];

function isAction(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && KINDS.includes(value.kind);
}

const action = z.custom<Action>(isAction, 'must be made by defineAction');
const actions = z.union(
  [
    z.array(action),
    z.custom<(given: ActionsGiven) => readonly Action[]>((value) => typeof value === 'function'),
  ],
  'must be a list of what defineAction makes, or a function that answers one',
);
const subscription = z.custom<Subscription>(
  (value) => typeof value === 'object' && value !== null && 'on' in value && 'handle' in value,
  'must be { on, handle }',
);
const url = z.string().min(1);

/** Everything that `AuraModule.forRoot` takes. Times in milliseconds. */
export const auraSettings = z.strictObject({
  /** Name of the service: its queue, its stores and the source of its events go by it. */
  service: kebabName.refine((name) => !TAKEN.includes(name), `must not be ${TAKEN.join(' or ')}`),
  /** Version of the service, as it announces itself; default 0.0.0. */
  version: z.string().min(1).max(60).default('0.0.0'),
  /** Actions that it offers; one visible array. Default: none, for a service that only subscribes or publishes. */
  actions: actions.default([]),
  /** Projections: events that it takes in beside its actions. */
  subscriptions: z.array(subscription).default([]),
  /** `run.json` of an embedded Aura to join; default: `AURA_RUN_FILE`, or the nearest `.aura/run.json`. */
  runFile: z.string().min(1).optional(),
  /** Servers to run on instead; default: `AURA_*_URL`, or the nearest `.aura/servers.env`. */
  servers: z
    .strictObject({ rabbitmq: url, mongodb: url, redis: url, prefix: z.string().optional() })
    .optional(),
  /** Name of this process among all that live; default: host and process id. */
  instance: z.string().min(1).max(80).optional(),
  /** Most deliveries in hand; default 100. */
  prefetch: z.int().min(1).max(1000).default(100),
  /** Time between announcements; default 5000. */
  heartbeatMs: z.int().min(100).default(5000),
  /** Time for what is in hand when the application stops; default 5000. */
  graceMs: z.int().min(0).default(5000),
  /** Default: Nest's own logger, under the name Aura. */
  log: z.custom<Log>((value) => typeof value === 'object' && value !== null && 'warn' in value).optional(),
  /** Who counts and measures; default: nobody. */
  meter: z.custom<Meter>((value) => typeof value === 'object' && value !== null).optional(),
});

/** What `AuraModule.forRoot` takes. */
export type AuraOptions = z.input<typeof auraSettings>;

/** {@link AuraOptions} with their defaults. */
export type AuraSettings = z.output<typeof auraSettings>;

/** Nest token of the {@link AuraSettings}. */
export const AURA_SETTINGS = Symbol('AuraSettings');

/** Checks options. Errors: `UnsafeSetupError` that names each wrong one. */
export function parseAuraOptions(options: AuraOptions): AuraSettings {
  const parsed = auraSettings.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new UnsafeSetupError(
    `the options of AuraModule are wrong: ${z.prettifyError(parsed.error)}`,
    'Mend the options that are named.',
  );
}
