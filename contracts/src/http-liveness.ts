import * as z from 'zod';

/** An event that no saga has claimed: what it is, since when it is held, until when, and why. */
export const unclaimedEvent = z.object({
  type: z.string(),
  source: z.string(),
  id: z.string(),
  /** The saga that it names. */
  correlation: z.string(),
  since: z.string(),
  /** Then it becomes a dead letter. */
  until: z.string(),
  why: z.string(),
});

/** `GET /api/v1/events/unclaimed`: oldest first. */
export const unclaimedList = z.object({ events: z.array(unclaimedEvent) });

/** Body of `POST /api/v1/events/unclaimed/drop`. */
export const dropRequest = z.strictObject({
  source: z.string().min(1),
  id: z.string().min(1),
  /** Why; it stands in the log. */
  reason: z.string().min(1).max(500),
});

/** What can stand without having ended. */
export const standingKind = z.enum(['saga', 'event', 'dead-letter', 'definition', 'transaction']);

/** Something that has not ended: what it waits for, until when, who acts then, and all of it in one sentence. */
export const standing = z.object({
  kind: standingKind,
  id: z.string(),
  waitingFor: z.string(),
  until: z.string(),
  owner: z.string(),
  why: z.string(),
});

/** `GET /api/v1/overdue`: what is past its time, or does not say what it waits for. */
export const overdueList = z.object({ overdue: z.array(standing) });

/** Query of `GET /api/v1/why`. */
export const standingQuery = z.strictObject({ id: z.string().min(1) });

/** How many views of one kind stand, lack or differ from what their journals say. */
export const rebuiltViews = z.object({
  journals: z.number().int(),
  missing: z.number().int(),
  different: z.number().int(),
  /** Journals that cannot be folded here. */
  unreadable: z.number().int(),
});

/** `POST /api/v1/rebuild`: views made again from their journals, or what would be. */
export const rebuildReport = z.object({
  dryRun: z.boolean(),
  sagas: rebuiltViews,
  transactions: rebuiltViews,
  definitions: rebuiltViews,
});

/** Body of `POST /api/v1/rebuild`. */
export const rebuildRequest = z.strictObject({ dryRun: z.boolean() });

export type UnclaimedEvent = z.infer<typeof unclaimedEvent>;
export type UnclaimedList = z.infer<typeof unclaimedList>;
export type DropBody = z.infer<typeof dropRequest>;
export type StandingKind = z.infer<typeof standingKind>;
export type Standing = z.infer<typeof standing>;
export type OverdueList = z.infer<typeof overdueList>;
export type StandingQuery = z.infer<typeof standingQuery>;
export type RebuiltViews = z.infer<typeof rebuiltViews>;
export type RebuildReport = z.infer<typeof rebuildReport>;
export type RebuildBody = z.infer<typeof rebuildRequest>;
