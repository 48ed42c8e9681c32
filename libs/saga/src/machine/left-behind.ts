import { UNTOUCHED } from './state';
import type { StepState } from './state';

/** A step that a run goes on without: its participant gets nothing of it in that run, so that nothing is to be asked. */
export function leftBehind(run: number): StepState {
  return { ...UNTOUCHED, run, asking: { epoch: 0, tries: 0, answer: 'nothing' } };
}

/** Whether its run goes on without a step. */
export function isLeftBehind({ asking }: StepState): boolean {
  return asking?.epoch === 0 && asking.answer === 'nothing';
}
