// Bugs of two-phase commit, to plant as those of the list.
const barrier = 'libs/workflow/src/barrier';
const branch = 'libs/workflow/src/branch';
const builtIn = 'libs/saga/src/machine/built-in';
const engine = 'libs/saga/src/engine/transactions';
const machine = 'libs/saga/src/transaction';

const mutant = (name, file, from, to) => ({ name, file, from, to });

export const TRANSACTION_MUTANTS = [
  mutant(
    'a transaction is begun in the newest run of its saga, and not in that of its step',
    `${builtIn}/transaction-begin.ts`,
    'const run = stepRunOf(place.state, step);',
    'const run = place.state.run;',
  ),
  mutant(
    'committed before all votes are in',
    `${machine}/decide-transaction.ts`,
    "if (state.branches.every(isWilling)) return this.add({ kind: 'committed' });",
    "if (state.branches.some(isWilling)) return this.add({ kind: 'committed' });",
  ),
  mutant(
    'commit is presumed when votes are late',
    `${machine}/decide-transaction.ts`,
    'if (due !== undefined && due <= this.now) this.abort(state, { error: timeoutOf(state) });',
    "if (due !== undefined && due <= this.now) this.add({ kind: 'committed' });",
  ),
  mutant(
    'a no is overheard when somebody has said yes',
    `${machine}/decide-transaction.ts`,
    "const refusing = state.branches.find(({ vote }) => vote === 'no');",
    "const refusing = state.branches.every(({ vote }) => vote === 'no') ? state.branches[0] : undefined;",
  ),
  mutant(
    'decision of a transaction told before it stands in the journal',
    `${engine}/transaction-rows.ts`,
    'const { result, left, led } = await appendOneLeading(',
    'await this.ports.bus.publish(publish);\n      const { result, left, led } = await appendOneLeading(',
  ),
  mutant(
    'a decision that lost its place in the journal is told',
    `${engine}/transaction-rows.ts`,
    "if (result === 'conflict') return 'lost';",
    '',
  ),
  mutant(
    "what a saga makes of its transaction's end stands for it though the end lost its place",
    'libs/saga/src/engine/sequel.ts',
    'const done = sequel.settled(behind);',
    "const done = sequel.settled(behind ?? 'appended');",
  ),
  mutant(
    'a timer behind the decision aborts',
    `${machine}/decide-transaction.ts`,
    "if (isDecided(state)) return this.add({ kind: 'reminded' });",
    "if (isDecided(state)) return this.add({ kind: 'aborted', error: UNKNOWN });",
  ),
  mutant(
    'abort forgotten for a branch that has not voted yet',
    `${machine}/transaction-state.ts`,
    "vote !== 'read-only' && vote !== 'no')",
    "vote === 'yes')",
  ),
  mutant(
    'a prepare behind its abort is not refused',
    `${barrier}/branch-voting.ts`,
    "if (endIn(rows)?.isFenced === true) return { kind: 'fenced', answer: answerIn(rows) };",
    '',
  ),
  mutant(
    'a branch votes yes and holds nothing',
    `${barrier}/resource-fold.ts`,
    'return { ...fold, held: { ...fold.held, [stood.of]: stood.prepared } };',
    'return fold;',
  ),
  mutant(
    'a branch that says no keeps what it holds',
    `${barrier}/branch-voting.ts`,
    "if (vote === 'no' && claim !== undefined) await this.parts.undoing.takeBack({ key }, claim, undefined);",
    '',
  ),
  mutant(
    'a branch is committed and nothing is applied',
    `${barrier}/branch-barrier.ts`,
    'applyClaim(this.writers, commitsOf(key, claim), {',
    'applyClaim(this.writers, commitsOf(key, { ...claim, resources: [] }), {',
  ),
  mutant(
    'a branch is aborted and nothing is released',
    `${barrier}/branch-barrier.ts`,
    'return this.undoing.undo(reversal);\n  }\n\n  /** Reverses what was committed',
    "return reversal.answer('nothing');\n  }\n\n  /** Reverses what was committed",
  ),
  mutant(
    'what is applied when it is prepared is not only held',
    `${barrier}/branch-voting.ts`,
    'return { resource, operation: { id: preparing(of), want, ...when } };',
    "const applying = { kind: 'claim', amount: resource.amount } as const;\n    return { resource, operation: transaction === '' ? { id: preparing(of), want } : { id: of, want: applying, ...when } };",
  ),
  mutant(
    'what is locked whole is given to a second transaction',
    `${barrier}/judge-operation.ts`,
    "if (type.reserve === undefined) return { kind: 'held', by: first.transaction };\n  const visible",
    'const visible',
  ),
  mutant(
    'what is promised to one transaction is promised to another',
    `${barrier}/judge-operation.ts`,
    'const seen = verdict(type.decide(visible, amount, id));',
    'const seen = verdict(type.decide(visible === undefined ? visible : fold.state, amount, id));',
  ),
  mutant(
    'who hears that nothing is decided yet decides alone',
    `${branch}/branch-worker.ts`,
    'return this.waitOn(request);',
    'return this.abort(request);',
  ),
  mutant(
    'a vote is said before it is recorded',
    `${barrier}/branch-voting.ts`,
    "return willing && { kind: 'voted', vote: vote.vote, event, ...(willing.isTold && { isTold: true }) };",
    "return { kind: 'voted', vote: vote.vote, event };",
  ),
  mutant(
    'a branch whose claim lost its place holds all the same',
    `${barrier}/resource-writer.ts`,
    'if (result === undefined) frame.taken();',
    "if (result === undefined) one.resolve(applied, 'appended');",
  ),
  mutant(
    'what was decided on an older state of a resource holds all the same',
    `${barrier}/resource-writer.ts`,
    "if (result === 'conflict') {\n      this.memory.fallBehind();\n      return [one];",
    "if (result === 'conflict' && one.operation.id === '') {\n      this.memory.fallBehind();\n      return [one];",
  ),
  mutant(
    'branches of a committed transaction are undone in forward order',
    `${machine}/decide-transaction.ts`,
    'const open = [...state.branches].reverse().filter(',
    'const open = [...state.branches].filter(',
  ),
  mutant(
    'a transaction is undone while some have not committed yet',
    `${machine}/decide-transaction.ts`,
    "if (state.fence?.mode === 'undo' && state.status !== 'committing') this.undoNext(state);",
    "if (state.fence?.mode === 'undo') this.undoNext(state);",
  ),
  mutant(
    'a transaction whose saga is given up says so and goes on',
    `${machine}/decide-transaction.ts`,
    "if (state.fence !== undefined) return this.add({ kind: 'aborted', error: GIVEN_UP });",
    "if (state.fence !== undefined) return this.add({ kind: 'answered', answer: 'nothing' });",
  ),
];
