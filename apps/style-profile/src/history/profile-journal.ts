import { weightedColour, weightedStyle, type StyleProfile } from '@aura/contracts';
import { AuraError, type Clock, type Journal, type JournalRow } from '@aura/kernel';
import { z } from 'zod';
import { evolve, NO_HISTORY, remembered, type ProfileHistory } from '../domain/profile-history';

/** What a row keeps of a person, sealed apart from its body: without it the row tells nothing any more. */
const rememberedProfile = z.object({
  at: z.number(),
  colours: z.array(weightedColour),
  styles: z.array(weightedStyle),
  queries: z.number().int(),
});

/** Body of every row; what a person is like stands in the payload. */
const BODY = JSON.stringify({ type: 'profiled' });

/** A history fades by half with every profile: older rows than these no longer change it. */
const ROWS_READ = 32;

/** Racing writers of one person are few; more lost races than this mean that something else is wrong. */
const MOST_TRIES = 20;

/** One profile to be remembered. `operation` names the event that brought it. */
export interface ProfileObservation {
  readonly userId: string;
  readonly operation: string;
  readonly profile: StyleProfile;
  /** When the profile was made, ms since 1970; default: now. */
  readonly at?: number | undefined;
}

/**
 * What is known of people, one stream a person (`profile/<userId>`), one row a profile.
 * Safe with any number of writers: who loses a race reads again.
 */
export class ProfileJournal {
  constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  /** What is known of a person; `NO_HISTORY` of a stranger. */
  async history(userId: string): Promise<ProfileHistory> {
    const stream = streamOf(userId);
    const head = await this.journal.head(stream);
    const rows = await this.journal.read(stream, Math.max(0, head - ROWS_READ));
    return rows.reduce(evolveByRow, NO_HISTORY);
  }

  /** Remembers a profile, once for each operation. Errors: `AuraError` PROFILE_CONTENDED, to be tried again. */
  async remember(observation: ProfileObservation): Promise<void> {
    const stream = streamOf(observation.userId);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      // The head is read before the operation is looked up: a row that comes in between makes the append lose.
      const head = await this.journal.head(stream);
      if ((await this.journal.findOperation(stream, observation.operation)) !== undefined) return;
      const [result] = await this.journal.append([this.rowOf(observation, stream, head + 1)]);
      if (result === 'appended') return;
    }
    throw new AuraError(`lost ${MOST_TRIES} races for a row in ${stream}`, {
      code: 'PROFILE_CONTENDED',
      help: 'The event is delivered again; if it goes on, look for a writer that never stops.',
    });
  }

  private rowOf({ operation, profile, at }: ProfileObservation, stream: string, seq: number): JournalRow {
    const now = this.clock.now();
    return {
      stream,
      seq,
      at: now,
      operations: [operation],
      body: BODY,
      payload: JSON.stringify(remembered(profile, at ?? now)),
    };
  }
}

function streamOf(userId: string): string {
  return `profile/${userId}`;
}

/** A row without payload belongs to a person who was forgotten: it adds nothing. */
function evolveByRow(history: ProfileHistory, { payload, seq }: JournalRow): ProfileHistory {
  if (payload === undefined) return history;
  return evolve(history, rememberedProfile.parse(JSON.parse(payload)), seq);
}
