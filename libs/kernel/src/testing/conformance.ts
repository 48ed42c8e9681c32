/** What every harness of a conformance suite offers beside the port itself. */
export interface Harness {
  /** Closes the adapter and opens it again on the same data, as a restarted process would. */
  reopen(): Promise<void>;
  /** Closes everything that the harness opened and removes its data. */
  close(): Promise<void>;
  /** Opens a second adapter on the same data, as a second process would; absent when a store has one owner. */
  another?(): Promise<this>;
}

/** What one case of a suite gets. */
export interface Setting<H extends Harness> {
  readonly harness: H;
  /** The harness and its peers: several writers go round over them. Holds the harness alone when it has no peer. */
  readonly peers: readonly H[];
  /** A name that no other case uses: `[a-z][a-z0-9]*`. */
  readonly namespace: string;
}

/** Cases of a suite by title; a title is a rule in the present tense. */
export type Cases<H extends Harness> = Readonly<Record<string, (setting: Setting<H>) => Promise<void>>>;

/** Peers that a harness opens beside itself. */
const PEERS = 3;

/** Runs cases against one opened adapter, each in a namespace of its own. */
export function runCases<H extends Harness>(
  title: string,
  open: () => Promise<H>,
  tables: readonly Cases<H>[],
): void {
  describe(title, () => {
    let harness: H;
    let peers: readonly H[] = [];
    let cases = 0;

    beforeAll(async () => {
      harness = await open();
      peers = [harness, ...(await openPeers(harness))];
    }, 60_000);

    afterAll(async () => {
      for (const peer of peers.slice(1)) await peer.close();
      await harness.close();
    }, 60_000);

    for (const [rule, run] of tables.flatMap((table) => Object.entries(table))) {
      test(rule, () => run({ harness, peers, namespace: `case${++cases}` }), 60_000);
    }
  });
}

async function openPeers<H extends Harness>(harness: H): Promise<readonly H[]> {
  const peers: H[] = [];
  for (let n = 0; n < PEERS; n++) {
    const peer = await harness.another?.();
    if (peer) peers.push(peer);
  }
  return peers;
}
