import type { AuraClient } from './aura-client';
import { reading } from './reading';
import { Retries } from './retries';
import type { FeedRetries } from './saga-feed';
import { sagaHandle } from './saga-handle';
import { sending, startSaga } from './sending';
import { Transport, type Fetch, type TransportSettings } from './transport';
import type { AnyWorkflows, WorkflowMap } from './workflow-types';

/** Where Aura is and how patient the client is. Times in milliseconds. */
export interface ConnectOptions {
  /** E.g. `http://127.0.0.1:8006`. */
  readonly url: string;
  /** Goes with every request as `Authorization: Bearer`; a function is asked each time. Default: none. */
  readonly token?: TransportSettings['token'];
  /** Default: the platform's. */
  readonly fetch?: Fetch;
  /** How often a request that may be repeated is tried again; default 4. */
  readonly retries?: number;
  /** How often in a row a broken feed is opened again; default 10, some 30 s. */
  readonly reconnects?: number;
  /** Longest time for one request, feeds aside; default 30 s. */
  readonly timeoutMs?: number;
  /** A feed without a byte for so long is opened again; default 45 s, three heartbeats. */
  readonly quietMs?: number;
}

const LONGEST_RETRY_WAIT_MS = 2000;
const LONGEST_RECONNECT_WAIT_MS = 5000;

/**
 * Makes a client; asks nothing of Aura yet. An URL that is none is a `TypeError`. `connect<AuraWorkflows>(…)` with the
 * types of `aura types` lets the compiler check ids and inputs.
 */
export function connect<Workflows extends WorkflowMap<Workflows> = AnyWorkflows>(
  options: ConnectOptions,
): AuraClient<Workflows> {
  const transport = transportOf(options);
  const feeds: FeedRetries = {
    retries: new Retries(options.reconnects ?? 10, LONGEST_RECONNECT_WAIT_MS),
    quietMs: options.quietMs ?? 45_000,
  };
  return {
    url: transport.url,
    start: async (workflow, input, how) => {
      const accepted = await startSaga(transport, { workflow, input }, how);
      return { ...sagaHandle(transport, accepted.sagaId, feeds), accepted };
    },
    saga: (sagaId) => sagaHandle(transport, sagaId, feeds),
    ...reading(transport),
    ...sending(transport),
  };
}

function transportOf(options: ConnectOptions): Transport {
  return new Transport({
    url: new URL(options.url).href.replace(/\/+$/, ''),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    retries: new Retries(options.retries ?? 4, LONGEST_RETRY_WAIT_MS),
    timeoutMs: options.timeoutMs ?? 30_000,
    ...(options.token === undefined ? {} : { token: options.token }),
  });
}
