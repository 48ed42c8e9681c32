import type { World } from '@aura/kernel';

/** Texts that nobody else gives, one for each claim that is presumed to be the first: of this process, and a count. */
export class Presumptions {
  private readonly mark: string;
  private count = 0;

  constructor({ randomness }: Pick<World, 'randomness'>) {
    this.mark = Array.from(randomness.bytes(12), (byte) => byte.toString(36)).join('.');
  }

  /** The next one. */
  next(): string {
    this.count += 1;
    return `${this.mark}/${this.count}`;
  }
}
