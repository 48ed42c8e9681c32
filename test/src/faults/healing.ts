/** What goes on behind strikes: one healing at a time for each thing, and nothing is forgotten. */
export class Healing {
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(private readonly trouble: string[]) {}

  isUnderWay(what: string): boolean {
    return this.underWay.has(what);
  }

  /** Goes on in the background; what fails is trouble. */
  begin(what: string, heal: () => Promise<void>): void {
    const healing = heal()
      .catch(
        (error: unknown) =>
          void this.trouble.push(`${what}: ${error instanceof Error ? error.message : String(error)}`),
      )
      .finally(() => this.underWay.delete(what));
    this.underWay.set(what, healing);
  }

  /** Resolves when all is healed. */
  async done(): Promise<void> {
    await Promise.all(this.underWay.values());
  }
}
