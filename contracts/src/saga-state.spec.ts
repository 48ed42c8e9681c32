import { endedSagaStatus, hasEnded, openSagaStatus, sagaStatus, stepStatus } from './saga-state';

describe('states of a saga', () => {
  it.each(openSagaStatus.options)('%s goes on', (status) => expect(hasEnded(status)).toBe(false));

  it.each(endedSagaStatus.options)('%s is an end', (status) => expect(hasEnded(status)).toBe(true));

  it('are open or ended, and nothing else', () => {
    expect(sagaStatus.options).toEqual([
      'running',
      'suspended',
      'compensating',
      'compensation_failed',
      'completed',
      'failed',
      'compensated',
      'cancelled',
    ]);
    expect(sagaStatus.safeParse('done').success).toBe(false);
  });
});

describe('states of a step', () => {
  it('wait, are asked for, or have one of four ends', () => {
    expect(stepStatus.options).toEqual([
      'waiting',
      'triggered',
      'completed',
      'skipped',
      'continued',
      'failed',
    ]);
  });
});
