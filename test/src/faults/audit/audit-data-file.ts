import { EmbeddedStore } from '@aura/embedded';
import { LOAD_EXPECTATIONS } from '../load-expectations';
import type { Told } from '../load-journal';
import { Audit } from './audit';
import type { Findings } from './audit';
import type { StoredRow } from './stored-row';

const PAGE = 5000;
const ROWS = `
  SELECT j.id, n.name AS owner, s.name AS stream, j.seq, j.operations, j.body, j.payload
  FROM journal j JOIN streams s ON s.id = j.stream JOIN namespaces n ON n.id = s.namespace
  WHERE j.id > ? ORDER BY j.id LIMIT ${PAGE}`;

interface SqlJournalRow {
  readonly id: number;
  readonly owner: string;
  readonly stream: string;
  readonly seq: number;
  readonly operations: string;
  readonly body: string;
  readonly payload: string | null;
}

/** Hands out every row of every journal in a data file that nobody else has open, by SQL; rows of one stream in their order. */
async function eachSqliteRow(file: string, take: (row: StoredRow) => void): Promise<void> {
  await withStore(file, (store) => {
    const page = store.database.prepare(ROWS);
    for (let last = 0; ;) {
      const rows = page.all(last) as readonly SqlJournalRow[];
      rows.forEach((row) => take(storedRow(row)));
      last = rows.at(-1)?.id ?? last;
      if (rows.length < PAGE) return;
    }
  });
}

function storedRow({ owner, stream, seq, operations, body, payload }: SqlJournalRow): StoredRow {
  const row = { owner, stream, seq, operations: JSON.parse(operations) as string[], body };
  return payload === null ? row : { ...row, payload };
}

/** What is left on the bus of a data file: messages by what they wait for. */
async function messagesInSqlite(file: string): Promise<Readonly<Record<string, number>>> {
  let left: Record<string, number> = {};
  await withStore(file, ({ database }) => {
    const counted = database
      .prepare(
        "SELECT 'queued' AS kind, COUNT(*) AS n FROM events UNION ALL SELECT queue, COUNT(*) FROM delayed GROUP BY queue",
      )
      .all() as readonly { readonly kind: string; readonly n: number }[];
    left = Object.fromEntries(counted.filter(({ n }) => n > 0).map(({ kind, n }) => [kind, n]));
  });
  return left;
}

async function withStore(file: string, work: (store: EmbeddedStore) => void): Promise<void> {
  const store = EmbeddedStore.open(file);
  try {
    work(store);
  } finally {
    await store.close();
  }
}

/** What an audit of a data file finds that nobody else has open, and what is left on its bus. */
export async function auditDataFile(
  file: string,
  told: readonly Told[],
): Promise<{ readonly findings: Findings; readonly left: Readonly<Record<string, number>> }> {
  const audit = new Audit(LOAD_EXPECTATIONS);
  await eachSqliteRow(file, (row) => audit.take(row));
  return { findings: audit.findings(told), left: await messagesInSqlite(file) };
}
