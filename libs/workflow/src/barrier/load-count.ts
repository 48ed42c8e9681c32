/**
 * Counts the loads of all resource writers of a barrier, so that it can be told what came before what. A writer whose
 * last load is not younger than the moment at which a step was found without a claim cannot have folded an effect of
 * that step: all it may know of one are its own appends.
 */
export class LoadCount {
  private loads = 0;

  /** Loads so far. */
  get value(): number {
    return this.loads;
  }

  /** Counts a load that has just ended, and answers its number. */
  next(): number {
    this.loads += 1;
    return this.loads;
  }
}
