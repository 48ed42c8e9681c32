import { openEmbeddedReader } from '@aura/embedded';
import type { EmbeddedReader } from '@aura/embedded';
import { auditAura } from '@aura/host';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import { EmbeddedHost } from '../faults/embedded-host';
import { untilEnded } from './flight';
import { untilActive } from './installation';

const PIECES = ['top-06', 'bot-09', 'sho-03'];
/** Looks that are reserved until the process has died in the phase that is meant. */
const MOST_TRIES = 30;
const PATIENCE_MS = 30_000;

/** Who holds something for a look. */
const HOLDERS = ['style-profile', 'recommendation-engine', 'combination-engine'];

/** Where a transaction is: votes are waited for; decided, and nobody has done it; somebody has, and not all have said so. */
type Phase = 'prepare' | 'decided' | 'commit' | 'over';

jest.setTimeout(300_000);

describe('a look that is reserved by an Aura in one process', () => {
  let folder: string;
  let host: EmbeddedHost;
  let customers = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aura-transactions-'));
    host = new EmbeddedHost(folder);
    await host.start();
    await untilActive(host.client(), ['reserve_look', 'fund_account', 'stock_wardrobe']);
    const items = PIECES.map((id) => ({ id, units: 200 }));
    await (await host.client().start('stock_wardrobe', { items })).completed();
  });
  afterAll(async () => {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function reserve(): Promise<string> {
    customers += 1;
    const userId = `customer-${customers}`;
    const money = { userId, amountCents: 50_000, currency: 'EUR' };
    await (await host.client().start('fund_account', money)).completed();
    return (await host.client().start('reserve_look', { userId, pieces: PIECES })).sagaId;
  }

  /** Where the first transaction of a saga is by what stands in the data file; undefined: it is not begun. */
  async function phaseOf(saga: string): Promise<Phase | undefined> {
    const reader = openEmbeddedReader({ path: host.file });
    try {
      const [rows] = await reader.journal('coordinator').page({ prefix: `tx/${saga}/`, limit: 1 });
      if (rows === undefined) return undefined;
      const kinds = rows.flatMap(({ body }) =>
        (JSON.parse(body) as readonly { readonly kind: string }[]).map(({ kind }) => kind),
      );
      if (kinds.includes('finished')) return 'over';
      if (!kinds.includes('committed')) return 'prepare';
      return (await isDoneSomewhere(reader, saga)) ? 'commit' : 'decided';
    } finally {
      reader.close();
    }
  }

  /** Whether a branch stands as done: its row behind claim and vote. */
  async function isDoneSomewhere(reader: EmbeddedReader, saga: string): Promise<boolean> {
    const prefix = `step/${saga}/`;
    for (const holder of HOLDERS) {
      const streams = await reader.journal(holder).page({ prefix, limit: 20 });
      if (streams.some((rows) => rows.some(({ seq }) => seq === 3))) return true;
    }
    return false;
  }

  /** Kills the process as soon as it is in a phase, or behind it; answers in which phase it died. */
  async function killIn(phase: Phase, saga: string): Promise<Phase | undefined> {
    const end = performance.now() + PATIENCE_MS;
    for (let seen = await phaseOf(saga); seen !== phase && seen !== 'over'; seen = await phaseOf(saga)) {
      if (performance.now() > end) throw new Error(`the transaction of ${saga} is ${seen ?? 'not begun'}`);
      await soon();
    }
    await host.kill();
    return phaseOf(saga);
  }

  it.each(['prepare', 'decided', 'commit'] as const)(
    'is whole, and adds up, although the process is killed in the phase "%s"',
    async (phase) => {
      const died: (Phase | undefined)[] = [];
      while (!died.includes(phase) && died.length < MOST_TRIES) {
        const saga = await reserve();
        died.push(await killIn(phase, saga));
        await host.start();
        await untilEnded(host.client(), [saga], PATIENCE_MS);
        expect(['completed', 'failed']).toContain((await host.client().get(saga)).status);
        const { discrepancies, transactions } = await auditAura({ dataDir: folder });
        expect({ discrepancies, open: transactions.open }).toEqual({ discrepancies: [], open: 0 });
      }
      expect(died).toContain(phase);
    },
  );
});
