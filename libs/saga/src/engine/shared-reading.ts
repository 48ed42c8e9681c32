/** Something that is read for many at once: one reading at a time, and one for all who ask meanwhile. */
export class SharedReading {
  private current: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly read: () => Promise<void>) {}

  /** Reads what stands from now on; a reading that is under way may have overlooked it, so that the next one answers. Errors: as of `read`. */
  ask(): Promise<void> {
    this.next ??= this.readBehind(this.current);
    return this.next;
  }

  private async readBehind(current: Promise<void> | undefined): Promise<void> {
    // That it failed is heard by those who asked for it.
    await Promise.allSettled([current]);
    this.current = this.read();
    this.next = undefined;
    await this.current;
  }
}
