import type { FaultName } from '@aura/testing';

/** A fault and where it struck. */
export interface Hit {
  readonly name: FaultName;
  readonly phase: string;
}
