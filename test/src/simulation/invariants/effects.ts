import { hasEnded } from '@aura/contracts';
import type { JsonValue, SagaDetail } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import { claimsOf, takingsOf } from '../domain';
import { FALLBACK, hasEffect } from '../definition-spec';
import type { BranchSpec, DefinitionSpec, StepSpec } from '../definition-spec';
import type { Till } from '../till';
import type { Report } from '../violation';
import type { KnownSagas } from './known-sagas';
import type { Families } from './families';
import { performerOf } from './performer';
import type { Transactions } from './transactions';

/** What came of one step: the change in each purse or till, by its name; none is zero. */
type Net = Map<string, number>;
/** A node with an effect: a step of its own, the fallback of one, a branch, or all that the sub-sagas of a step do. */
interface Node {
  readonly id: string;
  readonly step: StepSpec;
  /** Of a node that is a branch. */
  readonly branch?: BranchSpec;
}

const NO_NET: ReadonlyMap<string, number> = new Map();

/** What journals tell of sagas and transactions. */
export interface KnownThings {
  readonly sagas: KnownSagas;
  readonly families: Pick<Families, 'find'>;
  readonly transactions: Pick<Transactions, 'isByHand' | 'decisionOf'>;
}

/** Follows every effect in purses, vaults and tills as it happens, by saga and step. */
export class Effects {
  readonly #nets = new Map<string, Net>();
  readonly #answered = new Set<string>();

  constructor(
    private readonly tills: ReadonlyMap<string, Till>,
    private readonly known: KnownThings,
    private readonly report: Report,
  ) {}

  /** A row of a participant's journal. */
  onRow(row: JournalRow): void {
    if (row.stream.startsWith('step/')) this.#onStep(row);
    else if (/-(purse|vault)\//.test(row.stream)) this.#onPurse(row);
  }

  /** A saga's effects against how it ended. */
  check(saga: SagaDetail, spec: DefinitionSpec): void {
    for (const node of nodesOf(spec)) if (node.step.saga === undefined) this.#checkNode(saga, node);
  }

  #onPurse({ body, stream }: JournalRow): void {
    const { changes } = JSON.parse(body) as { readonly changes: Readonly<Record<string, JsonValue>> };
    for (const [operation, change] of Object.entries(changes))
      this.#onChange(stream, operation, Number(change));
  }

  #onChange(purse: string, operation: string, cents: number): void {
    const { saga, node, place } = performerOf(operation);
    const key = `${saga}/${node}`;
    if (cents !== 0 && this.#answered.has(place))
      this.report(5, `${operation} moves ${cents} though the undo of ${node} was answered`, saga);
    const net = this.#nets.get(key) ?? new Map<string, number>();
    this.#nets.set(key, net);
    const sum = (net.get(purse) ?? 0) + cents;
    if (sum === 0) net.delete(purse);
    else net.set(purse, sum);
  }

  #onStep({ operations, stream }: JournalRow): void {
    if (!operations.includes('answer')) return;
    const { saga, node, place, step, transaction } = performerOf(`${stream}/`);
    this.#answered.add(place);
    const known = this.known.sagas.find(saga);
    // What is aborted had no effect that others could stand behind.
    if (transaction !== undefined && this.known.transactions.decisionOf(transaction) !== 'committed') return;
    if (known?.isGivenUp === true && !known.asked.has(originOf(step))) this.#demandOrder(saga, node);
    this.#demandOrderAbove(saga);
  }

  /** What its parent takes back of a sub-saga is undone behind what stands behind it there. */
  #demandOrderAbove(saga: string): void {
    const { parent, wasTakenBack } = this.known.families.find(saga) ?? {};
    if (parent === undefined || wasTakenBack !== true) return;
    const above = this.known.sagas.find(parent.saga);
    if (above?.isGivenUp !== true || above.asked.has(parent.step)) return;
    this.#demandOrder(parent.saga, parent.step);
    this.#demandOrderAbove(parent.saga);
  }

  /** What stands behind an undone step must have been undone before. */
  #demandOrder(saga: string, front: string): void {
    const spec = this.known.sagas.spec(saga);
    for (const node of spec === undefined ? [] : behindOf(spec, front))
      if (!this.#isLeft(saga, node) && this.#netOf(saga, node).size > 0)
        this.report(4, `${front} was undone before ${node.id}, which stands behind it`, saga);
  }

  /** A person decided about the step, or answered for the branch. */
  #isLeft(saga: string, { id, step }: Node): boolean {
    const left = this.known.sagas.find(saga)?.leftByPerson;
    if (step.transaction === undefined) return left?.has(id) === true;
    return left?.has(step.id) === true || this.known.transactions.isByHand(saga, id);
  }

  #checkNode(saga: SagaDetail, node: Node): void {
    if (this.#isLeft(saga.sagaId, node)) return;
    const net = this.#netOf(saga.sagaId, node);
    // What a stopped saga left half-way waits for a person with it.
    if (hasEnded(saga.status) && hasClaims(node)) this.#demandNothingMade(saga, node, net);
    const wanted = wantedOf(saga, node);
    if (wanted === undefined || isSame(net, wanted)) return;
    const told = `${JSON.stringify(Object.fromEntries(net))}, not ${JSON.stringify(Object.fromEntries(wanted))}`;
    const invariant = wanted.size > 0 ? 1 : 4;
    this.report(invariant, `saga is ${saga.status} and ${node.id} moved ${told}`, saga.sagaId);
  }

  /** All that it claimed or nothing: what leaves one purse enters another, unless it is about one alone. */
  #demandNothingMade({ sagaId, input }: SagaDetail, node: Node, net: ReadonlyMap<string, number>): void {
    const made = sumOf(net);
    const wanted = sumOf(movedBy(node, (input as { readonly n: number }).n));
    if (made !== 0 && made !== wanted) this.report(9, `${node.id} made ${made} cents`, sagaId);
  }

  #netOf(saga: string, node: Node): ReadonlyMap<string, number> {
    if (node.step.saga !== undefined) return this.#netBelow(saga, node.id);
    if (kindOf(node) !== 'foreign') return this.#nets.get(`${saga}/${node.id}`) ?? NO_NET;
    const { run = 1 } = this.known.families.find(saga) ?? {};
    const cents = Array.from({ length: run }, (_, n) => this.#held(node, saga, n + 1)).reduce(sum);
    return cents === 0 ? NO_NET : new Map([['till', cents]]);
  }

  /** What a step has in the till of its participant, by a run of it. */
  #held({ id, step }: Node, saga: string, run: number): number {
    return this.tills.get(step.participant)?.holds(stepStream({ saga, run, step: id })) ?? 0;
  }

  /** What the sub-sagas of a step moved and nobody left, by where they did. */
  #netBelow(saga: string, step: string): ReadonlyMap<string, number> {
    const children = this.known.families.find(saga)?.begun.get(step) ?? [];
    return new Map(children.flatMap(({ child }) => this.#netsOf(child)));
  }

  #netsOf(saga: string): readonly (readonly [place: string, cents: number])[] {
    const nodes = nodesOf(this.known.sagas.spec(saga) ?? { steps: [] });
    return nodes
      .filter((node) => !this.#isLeft(saga, node))
      .flatMap((node) =>
        [...this.#netOf(saga, node)].map(([place, cents]) => [`${saga}/${node.id}/${place}`, cents] as const),
      );
  }
}

/** Everything in a definition that changes something. */
function nodesOf({ steps }: Pick<DefinitionSpec, 'steps'>): readonly Node[] {
  return steps.flatMap((step): readonly Node[] => [
    ...(step.transaction?.branches ?? []).map((branch) => ({ id: `${step.id}/${branch.id}`, step, branch })),
    ...(hasEffect(step) && step.transaction === undefined ? [{ id: step.id, step }] : []),
    ...(step.policy === 'fallbackStateful' ? [{ id: `${step.id}${FALLBACK}`, step }] : []),
  ]);
}

/** Whether it moves money between purses or vaults by itself; a sub-saga's steps are looked at there. */
function hasClaims(node: Node): boolean {
  return kindOf(node) !== 'foreign' && node.step.saga === undefined;
}

function sumOf(net: ReadonlyMap<string, number>): number {
  return [...net.values()].reduce(sum, 0);
}

function sum(total: number, cents: number): number {
  return total + cents;
}

function isFallback({ id, step }: Node): boolean {
  return id === `${step.id}${FALLBACK}`;
}

function kindOf(node: Node): StepSpec['kind'] {
  return isFallback(node) ? 'stateful' : node.step.kind;
}

function originOf(id: string): string {
  return id.endsWith(FALLBACK) ? id.slice(0, -FALLBACK.length) : id;
}

function behindOf(spec: DefinitionSpec, front: string): readonly Node[] {
  const [origin = ''] = front.split('/');
  return nodesOf(spec).filter((node) => isBehind(spec, node, origin) || isLaterBranch(node, front));
}

/** Branches of a transaction are undone last one first. */
function isLaterBranch({ id, step, branch }: Node, front: string): boolean {
  return branch !== undefined && front.startsWith(`${step.id}/`) && id > front;
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
  return hasTakenEffect(saga, node) ? movedBy(node, (saga.input as { readonly n: number }).n) : NO_NET;
}

/** What a node moves that takes effect. */
function movedBy(node: Node, n: number): ReadonlyMap<string, number> {
  const { participant, salt } = node.branch ?? node.step;
  if (node.branch?.kind === 'looking') return NO_NET;
  if (kindOf(node) === 'foreign') return new Map([['till', takingsOf({ n, salt })]]);
  const place = node.branch?.kind === 'locking' ? 'vault' : 'purse';
  const claims = claimsOf(participant, { n, salt }, place);
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
