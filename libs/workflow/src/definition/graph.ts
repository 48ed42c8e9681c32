import { entryOf } from './present';

/** What the graph knows of a step. */
export interface GraphNode {
  readonly id: string;
  readonly dependencies: readonly string[];
}

/** The graph of a definition's steps. Edges run from a dependency to the steps that depend on it. */
export interface Graph {
  /** Ids behind all their dependencies, otherwise in order of the definition; steps in or behind a cycle are left out. */
  readonly order: readonly string[];
  /** Each cycle as a closed walk along the edges: `['a', 'b', 'a']`. */
  readonly cycles: readonly (readonly string[])[];
  /** Steps that are in no cycle but wait for one. */
  readonly behindCycles: readonly string[];
  /** All steps before a step, by id; for steps in `order`. */
  readonly ancestors: ReadonlyMap<string, ReadonlySet<string>>;
  /** All steps behind a step, by id; for steps in `order`. */
  readonly descendants: ReadonlyMap<string, ReadonlySet<string>>;
}

type Edges = ReadonlyMap<string, Iterable<string>>;

/** Where the edges of a node lead. */
function nextOf(edges: Edges, id: string): readonly string[] {
  return [...entryOf(edges, id)];
}

/** Takes away nodes without edges to others that remain, until none is left to take (Kahn). */
function peel(edges: Edges): { readonly order: readonly string[]; readonly rest: ReadonlySet<string> } {
  const rest = new Set(edges.keys());
  const order: string[] = [];
  const isFree = (id: string) => nextOf(edges, id).every((other) => !rest.has(other));
  for (let free = [...rest].find(isFree); free !== undefined; free = [...rest].find(isFree)) {
    rest.delete(free);
    order.push(free);
  }
  return { order, rest };
}

function within(edges: Edges, kept: ReadonlySet<string>): Edges {
  return new Map(
    [...edges]
      .filter(([id]) => kept.has(id))
      .map(([id]) => [id, nextOf(edges, id).filter((target) => kept.has(target))]),
  );
}

function reversed(edges: Edges): Edges {
  const back = new Map<string, string[]>([...edges.keys()].map((id) => [id, []]));
  for (const [id, targets] of edges) for (const target of targets) back.get(target)?.push(id);
  return back;
}

/** One cycle found by walking from a node; every node has an edge, so that each walk meets itself. */
function cycleFrom(start: string, edges: Edges): readonly string[] {
  const walk: string[] = [];
  let current = start;
  while (!walk.includes(current)) {
    walk.push(current);
    [current = start] = nextOf(edges, current);
  }
  return [...walk.slice(walk.indexOf(current)), current];
}

/** The nodes that are in cycles or on a way from one to another. */
function tangled(edges: Edges): Edges {
  const behind = within(edges, peel(edges).rest);
  return within(behind, peel(reversed(behind)).rest);
}

/** Cycles without a common node, as long as there are any. */
function cyclesIn(dependencies: Edges): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  let rest = tangled(dependencies);
  for (let [start] = rest.keys(); start !== undefined; [start] = rest.keys()) {
    const cycle = cycleFrom(start, rest);
    cycles.push([...cycle].reverse());
    rest = tangled(within(rest, new Set([...rest.keys()].filter((id) => !cycle.includes(id)))));
  }
  return cycles;
}

function closure(order: readonly string[], edges: Edges): ReadonlyMap<string, ReadonlySet<string>> {
  const reach = new Map<string, ReadonlySet<string>>();
  for (const id of order) {
    const all = new Set<string>();
    for (const next of nextOf(edges, id)) {
      all.add(next);
      for (const further of nextOf(reach, next)) all.add(further);
    }
    reach.set(id, all);
  }
  return reach;
}

/** Builds the graph; dependencies on steps that are not there are ignored. */
export function buildGraph(nodes: readonly GraphNode[]): Graph {
  const ids = new Set(nodes.map(({ id }) => id));
  const dependencies = within(new Map(nodes.map((node) => [node.id, node.dependencies])), ids);
  const { order, rest } = peel(dependencies);
  const cycles = cyclesIn(dependencies);
  const inCycle = new Set(cycles.flat());
  const sound = within(dependencies, new Set(order));
  return {
    order,
    cycles,
    behindCycles: [...rest].filter((id) => !inCycle.has(id)),
    ancestors: closure(order, sound),
    descendants: closure([...order].reverse(), reversed(sound)),
  };
}

function tryMatch(id: string, edges: Edges, matched: Map<string, string>, visited: Set<string>): boolean {
  for (const next of nextOf(edges, id)) {
    if (visited.has(next)) continue;
    visited.add(next);
    const holder = matched.get(next);
    if (holder === undefined || tryMatch(holder, edges, matched, visited)) {
      matched.set(next, id);
      return true;
    }
  }
  return false;
}

/**
 * The largest number of steps of which none waits for another: how many can be under way at once. By Dilworth's
 * theorem it is the number of steps less a maximum matching of the transitive closure (Fulkerson 1956, Kuhn's search).
 */
export function widthOf(graph: Graph): number {
  const matched = new Map<string, string>();
  const pairs = graph.order.filter((id) => tryMatch(id, graph.descendants, matched, new Set()));
  return graph.order.length - pairs.length;
}
