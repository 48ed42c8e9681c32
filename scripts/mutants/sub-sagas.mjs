// Bugs of sagas that run others as their steps, to plant as those of the list.
const engine = 'libs/saga/src/engine';
const machine = 'libs/saga/src/machine';

const mutant = (name, file, from, to) => ({ name, file, from, to });

export const SUB_SAGA_MUTANTS = [
  mutant(
    'an end of another round is taken for that of the one that performs the step',
    `${machine}/built-in/saga-kind.ts`,
    'if (end.iteration !== iteration) return;',
    '',
  ),
  mutant(
    'the completion of a sub-saga counts as often as it is told',
    `${machine}/built-in/saga-kind.ts`,
    'if (!isAwaited(turn, step)) return;',
    '',
  ),
  mutant(
    'a step that is tried again gets a second sub-saga while the first one goes on',
    `${machine}/built-in/saga-kind.ts`,
    'if (last !== undefined && stepOf(turn.state, step.id).cause === undefined)',
    'if (last !== undefined && step.id.length > 99)',
  ),
  mutant(
    'a step is repeated once more than its definition allows',
    `${machine}/built-in/saga-kind.ts`,
    'if (completed < max)',
    'if (completed <= max)',
  ),
  mutant(
    'a saga that is given up forgets sub-sagas that still go on',
    `${machine}/applied.ts`,
    'return isCommand(step) ? reach.mayStart(step) : own.begun !== undefined;',
    "return isCommand(step) ? reach.mayStart(step) : own.begun !== undefined && step.builtIn?.type !== 'saga';",
  ),
  mutant(
    'only the first round of a repeated step is undone',
    `${machine}/built-in/sub-saga-requests.ts`,
    "const iteration = begun?.builtIn.type === 'saga' ? begun.builtIn.iteration : 1;",
    'const iteration = begun === undefined ? 0 : 1;',
  ),
  mutant(
    'rounds are undone before those behind them',
    `${machine}/parent.ts`,
    'return entry.isAnswered ? answeredAtOnce(state, parent, at) : [];',
    'return entry.isAnswered ? answeredAtOnce(state, parent, at) : parent.iteration > 1 ? [passedOn(state, { parent, asked: state.asked, at })] : [];',
  ),
  mutant(
    'the last round answers for those before it',
    `${machine}/parent.ts`,
    'if (parent.iteration > 1) return passedOn(state, known);',
    '',
  ),
  mutant('a sub-saga that was told to stop goes on', `${machine}/decide.ts`, 'stopForParent(this);', ''),
  mutant(
    'a sub-saga that has completed is not taken back, and says that nothing stands',
    `${machine}/parent.ts`,
    "if (state.status !== 'completed' || mode === 'ask') return [];",
    'if (state.seq > 0) return [];',
  ),
  mutant(
    'a sub-saga that is asked whether it completed is taken back',
    `${machine}/parent.ts`,
    "if (state.status !== 'completed' || mode === 'ask') return [];",
    "if (state.status !== 'completed') return [];",
  ),
  mutant(
    'a sub-saga that could not be undone says that it is',
    `${machine}/parent.ts`,
    "if (status === 'compensation_failed') {\n    const error",
    "if (status === 'compensation_failed') {\n    if (asked.epoch > 0) return [undone(state, { parent, asked, at })];\n    const error",
  ),
  mutant(
    'what a person left of a sub-saga is told to be undone',
    `${machine}/parent.ts`,
    'if (known.asked.skipped === true)',
    'if (known.asked.skipped === undefined && state.seq === 0)',
  ),
  mutant(
    'one that is stopped before it began is told to be cancelled and not opened',
    `${engine}/starter.ts`,
    'const came = await this.appendFirst(sagaId, telling);',
    "const isRefused = entries[0]?.entry.kind === 'started' && entries[0].entry.isRefused === true;\n    const came: Led = isRefused ? { result: 'appended', left: unpublished } : await this.appendFirst(sagaId, telling);",
  ),
  mutant(
    'a sub-saga that somebody cancels is cancelled though it has completed',
    `${machine}/give-up.ts`,
    "if (status !== 'running' && status !== 'suspended') return;\n  if (committed",
    "if (status !== 'running' && status !== 'suspended' && (status !== 'completed' || turn.state.parent === undefined)) return;\n  if (committed",
  ),
];
