import type { SagaDetail, SagaStatus } from '@aura/contracts';

/** How a step that a sub-saga performs is told in what a saga waits for. */
const SUB_SAGA = /the sub-saga (\S+) \([^)]*\) of step \w+(, asked \d+ times how it stands)?(, )?/g;

/** Whether a saga that runs waits for nothing but sub-sagas that wait for a person, or are held up themselves. */
export function isHeldUp(
  { status, waitingFor = '' }: Pick<SagaDetail, 'status' | 'waitingFor'>,
  isWaiting: (child: string) => boolean,
): boolean {
  if (status !== 'running' || waitingFor.replace(SUB_SAGA, '') !== '') return false;
  const children = [...waitingFor.matchAll(SUB_SAGA)].map(([, child = '']) => child);
  return children.length > 0 && children.every(isWaiting);
}

/** Whether a saga goes on only by a person. */
export function isForPerson(status: SagaStatus | undefined): boolean {
  return status === 'suspended' || status === 'compensation_failed';
}
