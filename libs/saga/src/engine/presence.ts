import { participantInstance } from '@aura/contracts';
import type { ParticipantInstance, ParticipantSummary } from '@aura/contracts';
import type { Clock } from '@aura/kernel';
import type { Registry } from '@aura/messaging';
import { participantsOf } from '@aura/workflow';
import type { Catalogue } from './catalogue';
import type { Definitions } from './definitions';

/** How long an instance counts as there without a new announcement, ms: three heartbeats. */
const PRESENCE_MS = 15_000;
/** How long one that fell silent is told as missing beside others that are there, ms. */
const MEMORY_MS = 600_000;

const PRESENT = 'instance/';
const KNOWN = 'known/';

/** What is remembered of an instance beside its name. */
const remembered = participantInstance.pick({ version: true, seenAt: true });

/** An instance that says it is there. */
export interface Heartbeat {
  readonly participant: string;
  readonly instance: string;
  readonly version: string;
}

/**
 * Which instances of the participants are there. One that announced itself and then fell silent is missing, one that said
 * goodbye is forgotten. All of it is lost with the registry, and there again with the next heartbeats.
 */
export class Presence {
  constructor(
    private readonly registry: Registry,
    private readonly clock: Clock,
    private readonly known: { readonly catalogue: Catalogue; readonly definitions: Definitions },
  ) {}

  /** An instance announced itself at a time (ms since 1970); what waited in the queue for too long says nothing of now. */
  async heard({ participant, instance, version }: Heartbeat, at: number = this.clock.now()): Promise<void> {
    if (this.clock.now() - at > PRESENCE_MS) return;
    const key = `${participant}/${instance}`;
    const fact = { version, seenAt: new Date(at).toISOString() };
    await this.registry.put(PRESENT + key, { version }, PRESENCE_MS);
    await this.registry.put(KNOWN + key, fact, MEMORY_MS);
  }

  /** An instance said goodbye. */
  async left({ participant, instance }: Pick<Heartbeat, 'participant' | 'instance'>): Promise<void> {
    const key = `${participant}/${instance}`;
    await this.registry.remove(PRESENT + key);
    await this.registry.remove(KNOWN + key);
  }

  /** All participants that ever announced themselves, by name. Errors: `StoreUnavailableError`. */
  async roster(): Promise<readonly ParticipantSummary[]> {
    const { catalogue } = this.known;
    await catalogue.refresh();
    const [instances, needs] = await Promise.all([this.instances(), this.needs()]);
    return catalogue.announcements().map(({ participant, version, actions }) => {
      const own = instances.get(participant) ?? [];
      return {
        participant,
        version,
        status: own.some(({ status }) => status === 'present') ? 'present' : 'missing',
        actions: actions.map(({ name }) => name),
        neededBy: needs.get(participant) ?? [],
        instances: own,
      };
    });
  }

  private async instances(): Promise<ReadonlyMap<string, ParticipantInstance[]>> {
    const [present, known] = await Promise.all([this.registry.list(PRESENT), this.registry.list(KNOWN)]);
    const found = new Map<string, ParticipantInstance[]>();
    for (const [key, fact] of [...known].sort(([left], [right]) => (left < right ? -1 : 1))) {
      const name = key.slice(KNOWN.length);
      const cut = name.indexOf('/');
      const participant = name.slice(0, cut);
      const status = present.has(PRESENT + name) ? 'present' : 'missing';
      const own = { instance: name.slice(cut + 1), status, ...remembered.parse(fact) } as const;
      found.set(participant, [...(found.get(participant) ?? []), own]);
    }
    return found;
  }

  /** Ids of the active definitions by the participants that they need. */
  private async needs(): Promise<ReadonlyMap<string, string[]>> {
    const needs = new Map<string, Set<string>>();
    for (const plan of await this.known.definitions.activePlans())
      for (const participant of participantsOf(plan))
        needs.set(participant, (needs.get(participant) ?? new Set<string>()).add(plan.definition));
    return new Map([...needs].map(([participant, ids]) => [participant, [...ids].sort()]));
  }
}
