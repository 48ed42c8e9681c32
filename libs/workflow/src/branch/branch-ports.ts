import type { World } from '@aura/kernel';
import type { BranchBarrier } from '../barrier/branch-barrier';
import type { Action } from '../participant/action';
import type { CallPorts } from '../participant/action-call';
import type { Presumptions } from '../participant/presumptions';
import type { UndecidedBranches } from './undecided-branches';

/** What the branches of a participant work with. */
export interface BranchPorts extends CallPorts {
  readonly participant: string;
  readonly actions: ReadonlyMap<string, Action>;
  readonly branches: BranchBarrier;
  readonly undecided: UndecidedBranches;
  readonly presumptions: Presumptions;
  readonly world: World;
  /** Name of the definition of a plan, where it is known here. */
  readonly definitionOf: (digest: string) => string | undefined;
}
