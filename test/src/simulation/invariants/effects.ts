import { hasEnded } from '@aura/contracts';
import type { JsonValue, SagaDetail } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import { claimsOf, takingsOf } from '../domain';
import { FALLBACK, hasEffect } from '../random-definition';
import type { DefinitionSpec, StepSpec } from '../random-definition';
import type { Till } from '../till';
import type { Report } from '../violation';
import type { KnownSagas } from './known-sagas';

/** What came of one step: the change in each purse or till, by its name; none is zero. */
type Net = Map<string, number>;
/** A node with an effect: a step of its own, or the fallback of one. */
interface Node {
  readonly id: string;
  readonly step: StepSpec;
}

const NO_NET: ReadonlyMap<string, number> = new Map();

/** Follows every effect in purses and tills as it happens, by saga and step. */
export class Effects {
  readonly #nets = new Map<string, Net>();
  readonly #answered = new Set<string>();

  constructor(
    private readonly tills: ReadonlyMap<string, Till>,
    private readonly sagas: KnownSagas,
    private readonly report: Report,
  ) {}

  /** A row of a participant's journal. */
  onRow(row: JournalRow): void {
    if (row.stream.startsWith('step/')) this.#onStep(row);
    else if (row.stream.includes('-purse/')) this.#onPurse(row);
  }

  /** A saga's effects against how it ended. */
  check(saga: SagaDetail, spec: DefinitionSpec): void {
    for (const node of nodesOf(spec)) this.#checkNode(saga, node);
  }

  #onPurse({ body, stream }: JournalRow): void {
    const { changes } = JSON.parse(body) as { readonly changes: Readonly<Record<string, JsonValue>> };
    for (const [operation, change] of Object.entries(changes))
      this.#onChange(stream, operation, Number(change));
  }

  #onChange(purse: string, operation: string, cents: number): void {
    const [, saga = '', , step = ''] = operation.split('/');
    const key = `${saga}/${step}`;
    if (cents !== 0 && this.#answered.has(key))
      this.report(5, `${operation} moves ${cents} though the undo of ${step} was answered`, saga);
    const net = this.#nets.get(key) ?? new Map<string, number>();
    this.#nets.set(key, net);
    const sum = (net.get(purse) ?? 0) + cents;
    if (sum === 0) net.delete(purse);
    else net.set(purse, sum);
  }

  #onStep({ operations, stream }: JournalRow): void {
    if (!operations.includes('answer')) return;
    const [, saga = '', , step = ''] = stream.split('/');
    this.#answered.add(`${saga}/${step}`);
    const known = this.sagas.find(saga);
    if (known?.isGivenUp === true && !known.asked.has(originOf(step))) this.#demandOrder(saga, step);
  }

  /** What stands behind an undone step must have been undone before. */
  #demandOrder(saga: string, step: string): void {
    const spec = this.sagas.spec(saga);
    for (const node of spec === undefined ? [] : behindOf(spec, step))
      if (!this.#isLeft(saga, node) && this.#netOf(saga, node).size > 0)
        this.report(4, `${step} was undone before ${node.id}, which stands behind it`, saga);
  }

  #isLeft(saga: string, { id }: Node): boolean {
    return this.sagas.find(saga)?.leftByPerson.has(id) === true;
  }

  #checkNode(saga: SagaDetail, node: Node): void {
    if (this.#isLeft(saga.sagaId, node)) return;
    const net = this.#netOf(saga.sagaId, node);
    // What a stopped saga left half-way waits for a person with it.
    if (hasEnded(saga.status) && kindOf(node) !== 'foreign') this.#demandNothingMade(saga, node, net);
    const wanted = wantedOf(saga, node);
    if (wanted === undefined || isSame(net, wanted)) return;
    const told = `${JSON.stringify(Object.fromEntries(net))}, not ${JSON.stringify(Object.fromEntries(wanted))}`;
    const invariant = wanted.size > 0 ? 1 : 4;
    this.report(invariant, `saga is ${saga.status} and ${node.id} moved ${told}`, saga.sagaId);
  }

  #demandNothingMade({ sagaId }: SagaDetail, { id }: Node, net: ReadonlyMap<string, number>): void {
    const sum = [...net.values()].reduce((total, cents) => total + cents, 0);
    if (sum !== 0) this.report(9, `${id} made ${sum} cents`, sagaId);
  }

  #netOf(saga: string, node: Node): ReadonlyMap<string, number> {
    if (kindOf(node) !== 'foreign') return this.#nets.get(`${saga}/${node.id}`) ?? NO_NET;
    const cents =
      this.tills.get(node.step.participant)?.holds(stepStream({ saga, run: 1, step: node.id })) ?? 0;
    return cents === 0 ? NO_NET : new Map([['till', cents]]);
  }
}

/** Everything in a definition that changes something. */
function nodesOf({ steps }: DefinitionSpec): readonly Node[] {
  return steps.flatMap((step): readonly Node[] => [
    ...(hasEffect(step) ? [{ id: step.id, step }] : []),
    ...(step.policy === 'fallbackStateful' ? [{ id: `${step.id}${FALLBACK}`, step }] : []),
  ]);
}

function isFallback({ id, step }: Node): boolean {
  return id !== step.id;
}

function kindOf(node: Node): StepSpec['kind'] {
  return isFallback(node) ? 'stateful' : node.step.kind;
}

function originOf(id: string): string {
  return id.endsWith(FALLBACK) ? id.slice(0, -FALLBACK.length) : id;
}

function behindOf(spec: DefinitionSpec, front: string): readonly Node[] {
  return nodesOf(spec).filter((node) => isBehind(spec, node, front));
}

/** Whether a node comes behind a step, so that it is undone before it. A fallback comes behind its own step. */
function isBehind(spec: DefinitionSpec, node: Node, front: string): boolean {
  const origin = originOf(front);
  if (node.step.id === origin) return isFallback(node) && front === origin;
  const open = [...node.step.dependencies];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === origin) return true;
    open.push(...(spec.steps.find((step) => step.id === id)?.dependencies ?? []));
  }
  return false;
}

/** What a node should have moved, once its saga has ended; undefined while nobody can say. */
function wantedOf(saga: SagaDetail, node: Node): ReadonlyMap<string, number> | undefined {
  if (['failed', 'compensated', 'cancelled'].includes(saga.status)) return NO_NET;
  if (saga.status !== 'completed') return undefined;
  if (!hasTakenEffect(saga, node)) return NO_NET;
  const { n } = saga.input as { readonly n: number };
  const { participant, salt } = node.step;
  if (kindOf(node) === 'foreign') return new Map([['till', takingsOf({ n, salt })]]);
  const claims = claimsOf(participant, { n, salt });
  return new Map(claims.map(({ type, id, amount }) => [`${type}/${id}`, Number(amount)]));
}

/** A step that completed neither by its fallback nor by a default; a fallback that its step completed by. */
function hasTakenEffect(saga: SagaDetail, node: Node): boolean {
  const step = saga.steps.find(({ id }) => id === node.step.id);
  if (step?.status !== 'completed') return false;
  return isFallback(node) ? step.byFallback === true : step.error === undefined && step.byFallback !== true;
}

function isSame(net: ReadonlyMap<string, number>, wanted: ReadonlyMap<string, number>): boolean {
  return net.size === wanted.size && [...net].every(([name, cents]) => wanted.get(name) === cents);
}
