// Bugs of giving up, undoing and asking, to plant as those of the list.
const barrier = 'libs/workflow/src/barrier';
const machine = 'libs/saga/src/machine';

const mutant = (name, file, from, to) => ({ name, file, from, to });

export const UNDO_MUTANTS = [
  mutant(
    'barrier without the null case: an undo without a claim is answered and not recorded',
    `${barrier}/undoing.ts`,
    "return this.answered(reversal, rows, { effect: 'nothing', operations: [FENCE, ANSWER] });",
    "return reversal.answer('nothing');",
  ),
  mutant(
    'an undo forgets the last resource of its claim',
    `${barrier}/undoing.ts`,
    `let hadEffect = foreign !== undefined;
    for (const [n, resource] of [...claim.resources.entries()].reverse()) {`,
    `let hadEffect = foreign !== undefined;
    for (const [n, resource] of [...claim.resources.entries()].reverse().slice(1)) {`,
  ),
  mutant(
    'the undo of a foreign store is not called',
    `${barrier}/undoing.ts`,
    'await foreign?.(claim, end);',
    '',
  ),
  mutant(
    'what was not applied yet is not made void by its reversal',
    `${barrier}/resource-operation.ts`,
    '[want.of, VOID],',
    '',
  ),
  mutant(
    'undo in forward order',
    `${machine}/give-up.ts`,
    'isBehind(compiled, other.step, item.step)',
    'isBehind(compiled, item.step, other.step)',
  ),
  mutant(
    'undo plan without steps in flight',
    `${machine}/applied.ts`,
    'return isCommand(step) ? reach.mayStart(step) : own.begun !== undefined;',
    'return isCommand(step) ? false : own.begun !== undefined;',
  ),
  mutant(
    'fence that forgets a step whose trigger is in flight',
    `${machine}/applied.ts`,
    'if (end === undefined) return this.mayStart(step) || this.maySkip(step);',
    'if (end === undefined) return false;',
  ),
  mutant(
    'fence that forgets what stands behind a skip',
    `${machine}/applied.ts`,
    'return this.mayStart(step) || this.maySkip(step);',
    'return this.mayStart(step);',
  ),
  mutant(
    'undo plan without steps that failed and may have taken effect',
    `${machine}/applied.ts`,
    "return error?.kind !== 'business';",
    'return error === undefined;',
  ),
  mutant(
    'a step is replaced without being asked how it ended',
    `${machine}/ask-first.ts`,
    "if (own.end !== 'failed' || !goesOnWithout(step)) return false;",
    'if (step.id.length < 99) return false;',
  ),
  mutant(
    'timer acted on directly, whether the state still waits or not',
    `${machine}/decide.ts`,
    'if (due === undefined || due.until > this.clock.now) return;',
    `const late = due === undefined && id.startsWith('step/') ? this.compiled.nodes.get(id.split('/')[1] ?? '') : undefined;
    if (late !== undefined) return this.onStepTimeout(late);
    if (due === undefined || due.until > this.clock.now) return;`,
  ),
  mutant(
    'fallback that undoes first',
    `${machine}/undo-messages.ts`,
    'run: stepRunOf(place.state, entry.step), type: stepEndRequested.type',
    'run: stepRunOf(place.state, entry.step), type: stepUndoRequested.type',
  ),
  mutant(
    'an undo that failed counts as done',
    `${machine}/give-up.ts`,
    "return answer !== undefined && answer !== 'failed';",
    'return answer !== undefined;',
  ),
  mutant(
    'compensated before every answer is there',
    `${machine}/give-up.ts`,
    'else if (undoing.items.every(isSettled)) end(turn, undoing);',
    'else if (undoing.items.some(isSettled)) end(turn, undoing);',
  ),
  mutant(
    'a saga whose pivot is applied is cancelled',
    `${machine}/give-up.ts`,
    'if (committedStep(turn) !== undefined) return;',
    '',
  ),
  mutant(
    'the undo does not wait for what the pivot says',
    `${machine}/give-up.ts`,
    "other.mode === 'ask' || isBehind",
    'isBehind',
  ),
  mutant(
    'what was asked about a step is forgotten when its fallback ends it',
    `${machine}/evolve.ts`,
    '...present({ epochAt, asking, retriedFrom }),',
    '',
  ),
  mutant(
    'an end that is implied and was not heard is never asked for',
    `${machine}/timers.ts`,
    'const unheardOf = unheard(compiled, state).map(',
    'const unheardOf = unheard(compiled, state).slice(99).map(',
  ),
];
