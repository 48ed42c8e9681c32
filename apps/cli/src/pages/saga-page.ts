import type { SagaDetail, StepDetail } from '@aura/client';
import type { Terminal } from '../terminal';
import { deadLetterText } from './dead-letter-text';
import { durationText } from './duration';
import { nameWidth, stepLine } from './step-line';

/** A saga on one page: how it stands, its steps, what it waits for or why it stopped. */
export function sagaPage(saga: SagaDetail, terminal: Terminal): readonly string[] {
  const width = nameWidth(saga.steps);
  return [
    `saga      ${saga.sagaId}`,
    `workflow  ${saga.workflow} ${saga.version}${saga.run > 1 ? `, run ${saga.run}` : ''}`,
    ...parentLines(saga),
    `status    ${statusText(saga.status, terminal)}`,
    `started   ${saga.startedAt}`,
    ...(saga.endedAt === undefined ? [] : [`ended     ${saga.endedAt} (${durationText(saga.durationMs)})`]),
    ...waitingLines(saga),
    ...endLines(saga, terminal),
    'steps',
    ...saga.steps.flatMap((step) => [stepLine(step, width, terminal), ...linesBelow(step)]),
    ...(saga.output === undefined ? [] : ['output', JSON.stringify(saga.output, undefined, 2)]),
  ];
}

function parentLines({ parent }: SagaDetail): readonly string[] {
  return parent === undefined ? [] : [`parent    ${parent.saga}, step ${parent.step}`];
}

/** What could not be handled of a step, and the sagas that perform it, the newest last. */
function linesBelow({ deadLetterId, subSagas = [] }: StepDetail): readonly string[] {
  return [...deadLetterText(deadLetterId), ...subSagas.map((saga) => `sub-saga ${saga}`)].map(
    (line) => `      ${line}`,
  );
}

/** A saga's status in its colour. */
export function statusText(status: SagaDetail['status'], { colours }: Terminal): string {
  if (status === 'completed') return colours.green(status);
  if (status === 'running') return colours.cyan(status);
  return status === 'suspended' || status === 'compensating' ? colours.yellow(status) : colours.red(status);
}

/** Why a saga stopped, and what stands because of it. */
export function endLines(saga: SagaDetail, { colours }: Terminal): readonly string[] {
  const { error, failedStep, applied, status } = saga;
  const standing = status === 'suspended' ? 'applied, or perhaps applied' : 'still applied';
  const at = failedStep === undefined ? '' : ` at step ${failedStep}`;
  return [
    ...(error === undefined ? [] : [colours.red(`stopped${at}: ${error.message} (${error.code})`)]),
    ...(error?.help === undefined ? [] : [error.help]),
    ...(applied === undefined ? [] : [`${standing}: ${applied.join(', ')}`]),
  ];
}

function waitingLines({ waitingFor, until, owner }: SagaDetail): readonly string[] {
  if (waitingFor === undefined) return [];
  const limit = until === undefined ? '' : ` until ${until}`;
  return [
    `waits     for ${waitingFor}${limit}${owner === undefined ? '' : `; then it is for ${owner} to act`}`,
  ];
}
