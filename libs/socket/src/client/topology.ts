import type { Binding, QueueDeclaration } from '@aura/messaging';

/** What this process has declared and bound: said again on every new connection, as a host may have lost its data. */
export class Topology {
  readonly #queues = new Map<string, QueueDeclaration>();
  readonly #bindings = new Map<string, Binding>();

  declared(declaration: QueueDeclaration): void {
    this.#queues.set(declaration.queue, declaration);
  }

  bound(bindings: readonly Binding[]): void {
    for (const binding of bindings) this.#bindings.set(keyOf(binding), binding);
  }

  unbound(bindings: readonly Binding[]): void {
    for (const binding of bindings) this.#bindings.delete(keyOf(binding));
  }

  get queues(): readonly QueueDeclaration[] {
    return [...this.#queues.values()];
  }

  get bindings(): readonly Binding[] {
    return [...this.#bindings.values()];
  }
}

function keyOf(binding: Binding): string {
  return binding.kind === 'publicFace'
    ? JSON.stringify([binding.key])
    : JSON.stringify([binding.queue, binding.exchange, binding.key]);
}
