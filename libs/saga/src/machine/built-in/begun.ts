import type { StepState } from '../state';
import type { Begun } from './built-in-state';

/** A step that has begun in the coordinator and not ended; undefined when it has not begun, has ended, or is to begin again. */
export function openStep({ begun, end, epoch }: StepState): Begun | undefined {
  return begun !== undefined && end === undefined && begun.epoch === epoch ? begun : undefined;
}
