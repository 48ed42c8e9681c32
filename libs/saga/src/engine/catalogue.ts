import type { ActionDescription } from '@aura/contracts';
import type { ViewDefinition, ViewStore, World } from '@aura/kernel';
import type { ActionCatalogue, OfferedAction } from '@aura/workflow';

/** Fields of a participant's view. */
export type ParticipantField = 'version' | 'seenAt';

/** The collection of participants that announced themselves. */
export const PARTICIPANT_VIEWS: ViewDefinition<ParticipantField> = {
  name: 'participants',
  fields: { version: 'text', seenAt: 'integer' },
  indexes: [['seenAt']],
};

/** What a participant announced. */
export interface Announcement {
  readonly participant: string;
  readonly version: string;
  readonly actions: readonly ActionDescription[];
}

/** How old what others have heard may be where it is asked for often, ms. */
const FRESH_MS = 2000;

/** Which participant offers which action. Kept, so that definitions are judged also while a participant is away. */
export class Catalogue {
  private readonly announced = new Map<string, Announcement>();
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: ViewStore<ParticipantField>,
    private readonly world: World,
  ) {}

  /** Reads what other instances of the coordinator have heard. */
  async refresh(): Promise<void> {
    const views = await this.store.find({
      where: [],
      orderBy: { field: 'seenAt', direction: 'asc' },
      limit: 1000,
    });
    for (const { id, body } of views) this.announced.set(id, JSON.parse(body) as Announcement);
  }

  /** The same, when it was read long ago. */
  async refreshIfOld(): Promise<void> {
    const now = this.world.clock.monotonic();
    if (now - this.readAt < FRESH_MS) return;
    this.readAt = now;
    await this.refresh();
  }

  /** Whether a participant that is known offers an action no longer: a newer one took its place. */
  lacks(participant: string, action: string): boolean {
    const known = this.announced.get(participant);
    return known !== undefined && !known.actions.some(({ name }) => name === action);
  }

  /** Takes note of an announcement; writes only what is new. */
  async heard(announcement: Announcement): Promise<void> {
    const { participant, version } = announcement;
    const body = JSON.stringify(announcement);
    const known = this.announced.get(participant);
    if (known !== undefined && JSON.stringify(known) === body) return;
    const seenAt = this.world.clock.now();
    await this.store.put([{ id: participant, version: seenAt, fields: { version, seenAt }, body }]);
    this.announced.set(participant, announcement);
  }

  /** All actions by name. */
  actions(): ActionCatalogue {
    const all = [...this.announced.values()].flatMap(({ participant, actions }) =>
      actions.map((action): readonly [string, OfferedAction] => [action.name, { ...action, participant }]),
    );
    return new Map(all);
  }

  /** What every participant announced last, by name. */
  announcements(): readonly Announcement[] {
    return [...this.announced.values()].sort((left, right) =>
      left.participant < right.participant ? -1 : 1,
    );
  }

  /** Names of all participants that ever announced themselves. */
  participants(): readonly string[] {
    return [...this.announced.keys()].sort();
  }
}
