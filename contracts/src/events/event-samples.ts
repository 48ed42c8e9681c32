import type { JsonValue } from '../cloud-event';

const error = {
  kind: 'technical',
  code: 'DECODE_FAILED',
  message: 'the file has 0 bytes',
  help: 'Send a picture.',
};
const ref = { definition: 'complete_fashion_analysis', version: '1.0.0' };
const digest = `sha256:${'0a'.repeat(32)}`;
const at = '2025-01-31T12:00:00.000Z';
const ended = { ...ref, startedAt: at, endedAt: at, results: { analyse: { width: 1 } } };
const context = { input: { image: digest }, steps: { analyse: { output: { dominant: '#000080' } } } };
const consumer = { participant: 'image-processing', instance: 'i1', queue: 'aura.image-processing' };
const action = {
  name: 'analyse-image',
  kind: 'pure',
  input: { type: 'object' },
  output: true,
  emits: 'ai.aura.image.analysed.v1',
};
const item = {
  id: 'blazer-1',
  name: 'Wool blazer',
  category: 'outerwear',
  hex: '#000080',
  colour: 'navy',
  priceCents: 12900,
  currency: 'EUR',
};

const transaction = '0197/1/reserve/1';
const branch = { transaction, branch: 'money' };
const decided = {
  transaction,
  definition: 'reserve_look',
  step: 'reserve',
  branches: ['money', 'stock'],
};

const subSaga = {
  parent: { saga: '0197', run: 1, step: 'stay', iteration: 1 },
  digest,
  actor: { subject: 'local:kim', roles: [] },
};

const image = {
  width: 640,
  height: 480,
  format: 'jpeg',
  bytes: 40_000,
  palette: [
    { hex: '#000080', share: 0.75, name: 'navy' },
    { hex: '#ffffff', share: 0.25, name: 'white' },
  ],
  dominant: '#000080',
  brightness: 0.4,
  contrast: 0.6,
  saturation: 0.3,
  warmth: -0.5,
};
const query = {
  neutral: false,
  text: 'navy for work under 300 €',
  occasions: ['work'],
  seasons: ['autumn'],
  colours: ['navy'],
  avoidColours: [],
  garments: ['outerwear'],
  styles: [],
  formality: 'business',
  budgetCents: 30_000,
  currency: 'EUR',
};
const profile = {
  userId: 'u1',
  season: 'winter',
  undertone: 'cool',
  contrast: 'high',
  colours: [{ hex: '#000080', name: 'navy', weight: 1 }],
  styles: [{ name: 'classic', weight: 0.8 }],
  basedOn: { images: 1, queries: 1 },
};
const outfits = {
  outfits: [{ id: 'o1', items: [item], harmony: { rule: 'split-complementary', score: 0.9 } }],
};
const recommendations = {
  recommendations: [
    {
      rank: 1,
      outfitId: 'o1',
      score: 0.9,
      reasons: ['Navy suits you.'],
      items: [item],
      totalCents: 12900,
      currency: 'EUR',
    },
  ],
};

const money = { userId: 'ada', reservation: 's1', amountCents: 12900, currency: 'EUR' };
const pieces = { reservation: 's1', items: [{ id: 'blazer-1', units: 1 }] };
const kept = { userId: 'ada', outfitId: 'blazer-1', reservation: 's1', items: [item] };

/** A good payload of each event, by type. */
export const eventSamples: Readonly<Record<string, JsonValue>> = {
  'ai.aura.saga.started.v1': { ...ref, context },
  'ai.aura.saga.completed.v1': { ...ended, output: { palette: [] } },
  'ai.aura.saga.failed.v1': { ...ended, error, failedStep: 'analyse' },
  'ai.aura.saga.compensated.v1': { ...ended, error },
  'ai.aura.saga.cancelled.v1': { ...ended, reason: 'asked for' },
  'ai.aura.saga.suspended.v1': { ...ref, waitingFor: 'a person', until: at, owner: 'operations' },
  'ai.aura.saga.compensating.v1': { ...ref, error, plan: ['reserve'] },
  'ai.aura.saga.compensation-failed.v1': { ...ref, error, applied: ['reserve'], failedStep: 'pay' },
  'ai.aura.saga.mended.v1': { ...ref, command: 'retry', by: 'kim', reason: 'back again', steps: ['pay'] },
  'ai.aura.saga.rerun.v1': {
    ...ref,
    run: 2,
    from: 'pay',
    again: ['pay', 'ship'],
    by: 'kim',
    reason: 'the bank is open again',
  },
  'ai.aura.saga.resumed.v1': { ...ref, reason: 'the stock was mended' },
  'ai.aura.saga.step-retried.v1': { ...ref, step: 'analyse', epoch: 2 },
  'ai.aura.saga.timer-due.v1': { timer: 'step:analyse', until: 1738324800000 },
  'ai.aura.step.begun.v1': { ...ref, type: 'wait', waitingFor: 'the time', until: at },
  'ai.aura.step.completed.v1': { output: { until: at }, context },
  'ai.aura.step.event-arrived.v1': {
    event: { source: '/shop', id: 'e1', type: 'com.shop.paid.v1' },
    data: { amount: 1 },
  },
  'ai.aura.liveness.overdue.v1': {
    kind: 'saga',
    id: 's1',
    waitingFor: 'a person',
    until: '2026-01-05T08:00:00.000Z',
    owner: 'operators',
    why: 'Saga s1 (w 1.0.0) is suspended; it waits for a person until 2026-01-05T08:00:00.000Z (operators).',
  },
  'ai.aura.step.skipped.v1': { reason: 'the condition was false' },
  'ai.aura.step.continued.v1': { output: null, error, context },
  'ai.aura.step.failed.v1': { error, attempts: 3, deadLetterId: 'd1' },
  'ai.aura.step.fallback-requested.v1': { error, context },
  'ai.aura.step.undo-requested.v1': { error },
  'ai.aura.step.end-requested.v1': { error },
  'ai.aura.step.undone.v1': { undo: 'release' },
  'ai.aura.step.nothing-to-undo.v1': { reason: 'the step had no effect' },
  'ai.aura.step.undo-failed.v1': { error, attempts: 5, deadLetterId: 'd1' },
  'ai.aura.sub-saga.start-requested.v1': { ...subSaga, userId: 'u1', input: { nights: 2 } },
  'ai.aura.sub-saga.stop-requested.v1': { ...subSaga, mode: 'undo', epoch: 1, undone: false, error },
  'ai.aura.sub-saga.ended.v1': { child: '0198', iteration: 1, status: 'completed', output: { room: 7 } },
  'ai.aura.transaction.begin-requested.v1': {
    transaction,
    branches: [
      { id: 'money', participant: 'bank', action: 'hold-money', input: { cents: 100 } },
      { id: 'stock', participant: 'shop', action: 'hold-stock', input: { item: 'coat' } },
    ],
  },
  'ai.aura.transaction.prepare-requested.v1': {
    ...branch,
    action: 'hold-money',
    input: { cents: 100 },
    waitMs: 5000,
    incarnation: at,
  },
  'ai.aura.transaction.voted.v1': {
    ...branch,
    vote: 'yes',
    output: {},
    held: [{ type: 'account', id: 'anna' }],
    incarnation: at,
  },
  'ai.aura.transaction.commit-requested.v1': branch,
  'ai.aura.transaction.abort-requested.v1': branch,
  'ai.aura.transaction.acknowledged.v1': { ...branch, decision: 'committed', output: {} },
  'ai.aura.transaction.decision-requested.v1': {
    ...branch,
    held: [{ type: 'account', id: 'anna' }],
    incarnation: at,
  },
  'ai.aura.transaction.decision-told.v1': { ...branch, decision: 'undecided', until: at },
  'ai.aura.transaction.undo-requested.v1': { ...branch, error },
  'ai.aura.transaction.branch-undone.v1': { ...branch, effect: 'undone' },
  'ai.aura.transaction.branch-undo-failed.v1': { ...branch, error, attempts: 5, deadLetterId: 'd1' },
  'ai.aura.transaction.timer-due.v1': { transaction, until: 1 },
  'ai.aura.transaction.committed.v1': decided,
  'ai.aura.transaction.aborted.v1': { ...decided, error },
  'ai.aura.transaction.in-doubt.v1': { ...decided, waitsFor: ['money'] },
  'ai.aura.transaction.unknown.v1': { ...decided, incarnation: at },
  'ai.aura.transaction.settled-by-hand.v1': {
    ...decided,
    decision: 'committed',
    by: 'ada',
    note: 'seen in the books',
  },
  'ai.aura.participant.announced.v1': { ...consumer, version: '0.1.0', actions: [action] },
  'ai.aura.participant.left.v1': { participant: 'nlu', instance: 'i1' },
  'ai.aura.consumer.paused.v1': { ...consumer, until: at, error },
  'ai.aura.consumer.resumed.v1': consumer,
  'ai.aura.dead-letter.recorded.v1': {
    deadLetterId: 'd1',
    queue: 'aura.nlu',
    consumer: 'nlu',
    targets: ['understand'],
    attempts: 3,
    error,
    body: 'e30=',
    recordedAt: at,
  },
  'ai.aura.definition.published.v1': { ...ref, digest, plan: '{}' },
  'ai.aura.definition.bound.v1': { ...ref, digest, participant: 'nlu', instance: 'i1' },
  'ai.aura.definition.activated.v1': { ...ref, digest },
  'ai.aura.definition.expired.v1': { ...ref, digest, waitsFor: ['nlu'] },
  'ai.aura.definition.retired.v1': { ...ref, digest },
  'ai.aura.definition.released.v1': { ...ref, digest, plan: '{}' },
  'ai.aura.definition.unbound.v1': { ...ref, digest, participant: 'nlu', instance: 'i1' },
  'ai.aura.plan.requested.v1': { digest, participant: 'nlu', replyTo: 'aura.nlu' },
  'ai.aura.plan.provided.v1': { ...ref, digest, plan: '{}' },
  'ai.aura.image.analysed.v1': { output: image, context },
  'ai.aura.query.understood.v1': { output: query },
  'ai.aura.style.profiled.v1': { output: profile },
  'ai.aura.outfits.combined.v1': { output: outfits },
  'ai.aura.recommendations.made.v1': { output: recommendations },
  'ai.aura.look.priced.v1': {
    output: { outfitId: 'blazer-1', items: [item], totalCents: 12900, currency: 'EUR' },
  },
  'ai.aura.account.funded.v1': { output: { userId: 'ada', amountCents: 100_000, currency: 'EUR' } },
  'ai.aura.budget.held.v1': { output: money },
  'ai.aura.budget.released.v1': { output: money },
  'ai.aura.budget.captured.v1': { output: money },
  'ai.aura.stock.received.v1': { output: { items: pieces.items } },
  'ai.aura.stock.held.v1': { output: pieces },
  'ai.aura.stock.released.v1': { output: pieces },
  'ai.aura.stock.sold.v1': { output: pieces },
  'ai.aura.outfit.saved.v1': { output: kept },
  'ai.aura.outfit.removed.v1': { output: kept },
};
