/** Orders in graphs of what reads what: nodes are counted from 0, and have edges to others. No chain of them is too long. */

export type Edges = readonly (readonly number[])[];

interface Walk {
  /** The node is seen for the first time. */
  readonly enter?: (node: number) => void;
  /** An edge to a node that was seen before. */
  readonly meet?: (node: number, known: number) => void;
  /** All that the node points to is done. `from` is where it was reached from. */
  readonly leave: (node: number, from: number | undefined) => void;
}

/** Goes through all nodes, into the depth first. */
const walk = (edges: Edges, { enter, meet, leave }: Walk): void => {
  const seen = new Set<number>();
  const path: { readonly node: number; next: number }[] = [];
  const begin = (node: number): void => {
    seen.add(node);
    enter?.(node);
    path.push({ node, next: 0 });
  };
  for (const root of edges.keys()) {
    if (seen.has(root)) continue;
    begin(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = edges[top.node]?.[top.next++];
      if (next === undefined) {
        path.pop();
        leave(top.node, path.at(-1)?.node);
      } else if (seen.has(next)) meet?.(top.node, next);
      else begin(next);
    }
  }
};

/** Every node behind those that it points to; of such as point to each other, the one that was reached first comes last. */
export const readersLast = (edges: Edges): readonly number[] => {
  const ordered: number[] = [];
  walk(edges, { leave: (node) => ordered.push(node) });
  return ordered;
};

/** Strongly connected parts of a graph, those first that others point to (Tarjan 1972). */
export const knots = (edges: Edges): readonly (readonly number[])[] => {
  const found: number[][] = [];
  const index = new Map<number, number>();
  const lowest = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const lower = (node: number, to: number): void => {
    lowest.set(node, Math.min(lowest.get(node) as number, to));
  };
  walk(edges, {
    enter: (node) => {
      lowest.set(node, index.size);
      index.set(node, index.size);
      stack.push(node);
      onStack.add(node);
    },
    meet: (node, known) => {
      if (onStack.has(known)) lower(node, index.get(known) as number);
    },
    leave: (node, from) => {
      const reached = lowest.get(node) as number;
      if (reached === index.get(node)) {
        const members = stack.splice(stack.lastIndexOf(node));
        for (const member of members) onStack.delete(member);
        found.push(members);
      } else if (from !== undefined) lower(from, reached);
    },
  });
  return found;
};
