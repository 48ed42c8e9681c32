import type { Binding, DeliveryContext, Outcome } from '@aura/messaging';
import { BRANCH_REQUESTS, branchBindings } from '../branch/branch-request';
import { BranchWorker } from '../branch/branch-worker';
import type { UndecidedBranches } from '../branch/undecided-branches';
import type { ReactorPorts } from './reactor';
import { UNDO_REQUESTS, undoBindings, Undoer } from './undoer';

/** What a participant's queue is bound to for what the coordinator asks it. */
export function requestBindings(participant: string): readonly Binding[] {
  return [...undoBindings(participant), ...branchBindings(participant)];
}

/** Answers what the coordinator asks a participant for: to undo a step, and to take part in transactions. */
export class Requests {
  private readonly undoer: Undoer;
  private readonly branches: BranchWorker;

  constructor(ports: ReactorPorts, undecided: UndecidedBranches) {
    this.undoer = new Undoer(ports);
    const definitionOf = (digest: string): string | undefined => ports.shelf.definitionOf(digest);
    const { branches } = ports.barrier;
    this.branches = new BranchWorker({ ...ports, branches, undecided, definitionOf });
  }

  /** Handles a request; undefined for any other delivery. */
  handle(context: DeliveryContext): Promise<Outcome> | undefined {
    const { type } = context.event;
    if (UNDO_REQUESTS.includes(type)) return this.undoer.handle(context);
    return BRANCH_REQUESTS.includes(type) ? this.branches.handle(context) : undefined;
  }
}
