import type { ClaimCheck, Journal, LeaseStore, ViewStores } from '@aura/kernel';
import type { EventBus, FastStores } from '@aura/messaging';
import { Link } from './client/link';
import { type JoinOptions, parseJoinSettings } from './client/options';
import {
  remoteClaims,
  remoteFastStores,
  remoteJournal,
  remoteLeases,
  remoteViews,
} from './client/remote-stores';
import { SocketBus } from './client/socket-bus';

/** What a process that has joined an Aura has of it. A namespace is a participant; its instances share its stores. */
export interface JoinedAura {
  readonly bus: EventBus;
  journal(namespace: string): Journal;
  views(namespace: string): ViewStores;
  fast(namespace: string): FastStores;
  readonly leases: LeaseStore;
  readonly claims: ClaimCheck;
  /** Takes leave: what is in hand goes back and is not counted. */
  close(): Promise<void>;
  /** Goes as the death of the process would: what is in hand comes back and is counted. For tests. */
  lose(): void;
}

/**
 * Joins an Aura that runs in another process of this machine. What is lost with the connection is built up again by
 * itself, also when that Aura was started anew; calls wait for it, up to their time limit. Errors: `UnsafeSetupError` for
 * wrong settings, a refused token or another version; when no Aura is found within the start's time, that of the last attempt.
 */
export async function joinAura(options: JoinOptions): Promise<JoinedAura> {
  const link = new Link(options, parseJoinSettings(options));
  const bus = new SocketBus(link);
  try {
    await link.start(bus);
  } catch (error) {
    link.lose();
    throw error;
  }
  return {
    bus,
    journal: (namespace) => remoteJournal(link, namespace),
    views: (namespace) => remoteViews(link, namespace),
    fast: (namespace) => remoteFastStores(link, namespace),
    leases: remoteLeases(link),
    claims: remoteClaims(link),
    close: () => bus.close(),
    lose: () => link.lose(),
  };
}
