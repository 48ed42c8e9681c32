/** Something that a process cannot work without. */
export interface Dependency {
  /** E.g. `rabbitmq`. */
  readonly name: string;
  /** Resolves when it is there; rejects with why it is not. */
  check(): Promise<void>;
}
