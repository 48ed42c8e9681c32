import { VainTries } from './vain-tries';

/** All that a warning is about is one thing. */
const IT = 'it';

/** Warns of something that is tried again and again: at once, then ever more rarely (see `VainTries`), and anew once it has worked. */
export class RareWarning {
  private readonly vain: VainTries;

  constructor(
    world: ConstructorParameters<typeof VainTries>[0],
    private readonly warn: (error: unknown) => void,
  ) {
    this.vain = new VainTries(world);
  }

  failed(error: unknown): void {
    if (this.vain.isResting(IT)) return;
    this.vain.add(IT);
    this.warn(error);
  }

  worked(): void {
    this.vain.remove(IT);
  }
}
