// Bugs to plant, one at a time, into a copy of the sources: what is said, the file, and the text that replaces another.
import { SUB_SAGA_MUTANTS } from './sub-sagas.mjs';
import { TRANSACTION_MUTANTS } from './transactions.mjs';
import { UNDO_MUTANTS } from './undo.mjs';

const pipeline = 'libs/messaging/src/pipeline';
const barrier = 'libs/workflow/src/barrier';
const participant = 'libs/workflow/src/participant';
const engine = 'libs/saga/src/engine';
const machine = 'libs/saga/src/machine';

const mutant = (name, file, from, to) => ({ name, file, from, to });

export const MUTANTS = [
  mutant(
    'ack before append: the delivery is settled before it is handled',
    `${pipeline}/pipeline.ts`,
    'const outcome = await run(context);',
    'delivery.ack();\n    const outcome = await run(context);',
  ),
  mutant(
    'ack before publish: settled when it is handled',
    `${pipeline}/pipeline.ts`,
    'if (outcome.publish.length > 0) await options.bus.publish(outcome.publish);',
    'delivery.ack();\n      if (outcome.publish.length > 0) await options.bus.publish(outcome.publish);',
  ),
  mutant(
    'an outcome that could not be published is forgotten',
    `${pipeline}/pipeline.ts`,
    'giveBackLater(context, error, options);',
    'delivery.ack();',
  ),
  mutant(
    'inbox marked before the commit',
    `${pipeline}/inbox.ts`,
    'const outcome = await next(context);',
    'await inbox.mark([key], REMEMBER_MS).catch(onLost);\n    const outcome = await next(context);',
  ),
  mutant(
    'a retry for one reaction marks the whole delivery as done',
    `${pipeline}/inbox.ts`,
    'if (isPartial(delivery)) return outcome;',
    '',
  ),
  mutant(
    'a dead letter leaves nothing behind',
    `${pipeline}/failures.ts`,
    'await outcome.onDead(id, context.attempt)',
    '[]',
  ),
  mutant(
    'a dead letter is published behind the row that names it',
    `${pipeline}/failures.ts`,
    'await bus.publish([message]);\n  const leftBehind = await outcome.onDead(id, context.attempt);',
    'const leftBehind = await outcome.onDead(id, context.attempt);\n  await bus.publish([message]);',
  ),
  mutant(
    'a retry counts no attempt',
    `${pipeline}/failures.ts`,
    'outage.isOpen() ? context.attempt : context.attempt + 1',
    'context.attempt',
  ),
  mutant(
    'join that does not wait for all',
    `${participant}/join.ts`,
    'step.dependencies.every((dependency) => arrivals.has(dependency))',
    'arrivals.size > 0',
  ),
  mutant(
    'join that counts: whoever comes, however often',
    `${participant}/step-joins.ts`,
    '{ dependency: origin, value: JSON.stringify(kept) },',
    '{ dependency: step.dependencies[arrivalsOf(stepStream(key)) - 1] ?? origin, value: JSON.stringify(kept) },',
  ),
  mutant(
    'a join of kind all overlooks a skipped step',
    `${participant}/join.ts`,
    'return whenFull(isFull, skipped === 0);',
    'return whenFull(isFull, true);',
  ),
  mutant(
    'the condition is not asked',
    `${participant}/reactor.ts`,
    'if (met.value) return runAction',
    'if (met.ok) return runAction',
  ),
  mutant(
    'deliveries of some sagas are done with unseen',
    `${participant}/reactor.ts`,
    'if (action === undefined) return unknownHere(',
    'if (action === undefined || key.saga.endsWith("0")) return DONE ?? unknownHere(',
  ),
  mutant(
    'an end that is to be recorded is only published',
    `${participant}/run-action.ts`,
    'if (!task.step.recordsEnd) return end;',
    'return end;',
  ),
  mutant(
    'claim without a row: effects before anybody knows of them',
    `${barrier}/barrier.ts`,
    'if (claim.resources.length > 0) return this.continueClaim(passage, { ...claimed, row });',
    'if (claim.resources.length > 0) return this.continueClaim(passage, claimed);',
  ),
  mutant(
    'two presumed claims of one millisecond pass for each other',
    `${barrier}/barrier.ts`,
    "JSON.stringify({ kind: 'claim', resources: claim.resources, by })",
    "JSON.stringify({ kind: 'claim', resources: claim.resources, by: by && '' })",
  ),
  mutant(
    'two presumed claims of one branch pass for each other',
    `${barrier}/branch-voting.ts`,
    "const body = { kind: 'claim', resources, by: preparation.presumedAs };",
    "const body = { kind: 'claim', resources, by: preparation.presumedAs && '' };",
  ),
  mutant(
    'claim without its last resource',
    `${barrier}/barrier.ts`,
    'return claim.resources.map((resource, n) => {',
    'return claim.resources.slice(0, Math.max(1, claim.resources.length - 1)).map((resource, n) => {',
  ),
  mutant(
    'the barrier is not asked: what stands is begun again',
    `${barrier}/barrier.ts`,
    'return claim === undefined ? undefined : this.continueClaim(passage, { claim, rows });',
    'return undefined;',
  ),
  mutant(
    'a refused claim keeps what it had applied',
    `${barrier}/barrier.ts`,
    'else if (isRefusal(end.events)) await this.undoing.takeBackApplied(key, claim);',
    '',
  ),
  mutant(
    'retry that changes the key of its operation',
    `${barrier}/barrier.ts`,
    'operation: { id: operationOn(key, n), want, ...when }',
    "operation: { id: `${operationOn(key, n)}${asked === undefined ? '/again' : ''}`, want, ...when }",
  ),
  mutant(
    'a racing end is published as made, not as it stands',
    `${barrier}/recorded-end.ts`,
    'if (standing !== undefined) return standing;',
    'if (standing !== undefined) return standing.isFenced === true ? standing : end;',
  ),
  mutant(
    'zombie writer of a resource without sequence guard',
    `${barrier}/resource-writer.ts`,
    "if (result !== 'appended') return false;",
    '',
  ),
  mutant(
    'a step whose claim went ahead and lost its place takes effect all the same',
    `${barrier}/resource-writer.ts`,
    "if (!(await this.placed(before))) return { kind: 'taken' };",
    'await this.placed(before);',
  ),
  mutant(
    'an end that found no place behind what was applied is said all the same',
    `${barrier}/barrier.ts`,
    'return recordedBy(result.behind, end);',
    'return recordedBy(result.behind, end) ?? end;',
  ),
  mutant(
    'a resource forgets what it had applied',
    `${barrier}/resource-writer.ts`,
    'return held[operation.id] === undefined ? this.memory.standing(operation) : undefined;',
    'return held[operation.id] === undefined ? undefined : this.memory.standing(operation);',
  ),
  mutant(
    'what others wrote of a resource is taken for not standing',
    `${barrier}/resource-memory.ts`,
    'this.remember(rows, this.ports.loads.next());',
    'this.ports.loads.next();',
  ),
  mutant(
    'what was handed over and could not be done is said by nobody',
    `${engine}/hand-over.ts`,
    "const publishing: Done = { kind: 'done', publish: [message] };",
    "const publishing: Done = { kind: 'done', publish: [message].slice(1) };",
  ),
  mutant(
    'decision shown before it is durable',
    `${engine}/tracker.ts`,
    'const answers = await appendLeading(this.telling, written);',
    'for (const turn of decided) this.finish(turn);\n    const answers = await appendLeading(this.telling, written);',
  ),
  mutant(
    'zombie owner without sequence guard',
    `${engine}/tracker.ts`,
    "results.get(turn)?.result === 'conflict' ||",
    '',
  ),
  mutant(
    'what is appended counts as told',
    `${engine}/tracker.ts`,
    'this.finish(turn, results.get(turn))',
    'this.finish(turn, turn.row?.seq === 3 ? { left: [] } : results.get(turn))',
  ),
  mutant(
    'two rows of one stream in one bulk',
    `${engine}/tracker.ts`,
    'appendLeading(this.telling, written)',
    'appendLeading(this.telling, written.flatMap((one) => (one.row.seq % 5 === 0 ? [one, { ...one, row: { ...one.row, seq: one.row.seq + 1 } }] : [one])))',
  ),
  mutant(
    'said to be published before it is',
    `${engine}/tracker.ts`,
    'const isBehind = next.publishedSeq < next.state.seq;',
    'const isBehind = next.publishedSeq < next.state.seq;\n    this.onPublished(next);',
  ),
  mutant(
    'recovery writes views and publishes nothing',
    `${engine}/recovery.ts`,
    'if (saga.unpublished.length > 0) await this.ports.bus.publish(saga.unpublished);',
    '',
  ),
  mutant(
    'rows that nobody published are not found again',
    `${engine}/book.ts`,
    'if (row.seq <= publishedSeq || behind === undefined) return [];',
    'if (row.seq > 1 || row.seq <= publishedSeq || behind === undefined) return [];',
  ),
  mutant(
    'a start with a key that was used starts again',
    `${engine}/starter.ts`,
    ': sagaIdOfKey(actor.subject, idempotencyKey);',
    ': newSagaId(this.ports.world);',
  ),
  mutant(
    'a lease that its dead owner took with a clock ahead is waited for',
    `${engine}/still-leases.ts`,
    'return now - known.since > this.leaseMs;',
    'return false;',
  ),
  mutant(
    'an end counts as often as it is told',
    `${machine}/decide.ts`,
    'return known === undefined || END_RANK[known] < END_RANK[end];',
    'return known === undefined || END_RANK[known] <= END_RANK[end];',
  ),
  mutant(
    'a fallback is asked for before all that it reads has come',
    `${machine}/decide.ts`,
    'return !goesOnWithout(step) || isUpstreamKnown(this.compiled, this.state, step);',
    'return true;',
  ),
  mutant(
    'a saga is complete while one of its steps is open',
    `${machine}/decide.ts`,
    'return this.compiled.plan.steps.every(',
    'return this.compiled.plan.steps.slice(1).every(',
  ),
  mutant(
    'a lost join is brought again without its mark',
    `${machine}/messages.ts`,
    "event: { ...event, aurareplay: 'reemit' },",
    'event,',
  ),
  ...UNDO_MUTANTS,
  ...TRANSACTION_MUTANTS,
  ...SUB_SAGA_MUTANTS,
  mutant(
    'a saga says that it waits before its wait is found',
    `${engine}/view-writer.ts`,
    'await this.putWaits(told.filter(tellsOfWait));',
    'await this.putWaits(told.slice(1).filter(tellsOfWait));',
  ),
];
