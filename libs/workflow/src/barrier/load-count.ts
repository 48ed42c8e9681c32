/**
 * Counts the loads and writes of all resource writers of a barrier, so that it can be told what came before what. An effect of
 * a step that was found without a claim stands behind that moment: a writer that remembers all that it has loaded and written
 * since knows of it.
 */
export class LoadCount {
  private loads = 0;

  /** Loads and writes so far. */
  get value(): number {
    return this.loads;
  }

  /** Counts a load or a write that has just ended, and answers its number. */
  next(): number {
    this.loads += 1;
    return this.loads;
  }
}
