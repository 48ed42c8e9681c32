import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { stepFailed } from '@aura/contracts';
import type { JsonValue } from '@aura/contracts';
import { openEmbedded, openEmbeddedReader } from '@aura/embedded';
import type { Embedded } from '@aura/embedded';
import { audit } from '@aura/saga';
import type { AuditReport } from '@aura/saga';

export const AT = 1_700_000_000_000;

/** One row of a journal that a spec writes: its operations, its body. */
export type Row = readonly [operations: readonly string[], body: JsonValue];

/** The journals of a house by namespace and stream. */
export type House = Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>>;

export const STEP = 'step/s/1/pay';
export const OP = `${STEP}/0`;

export const claim = (id = 'till/anna', operation = 'claim'): Row => {
  const [type = '', name = ''] = id.split('/');
  return [[operation], { kind: 'claim', resources: [{ type, id: name, amount: 5 }] }];
};
export const ended: Row = [['end'], { kind: 'end', types: ['test.paid.v1'] }];
export const refused: Row = [['end'], { kind: 'end', types: [stepFailed.type] }];
export const fence: Row = [['fence'], { kind: 'fence' }];
export const answer: Row = [['answer'], { kind: 'answer' }];
export const vote = (word: string): Row => [['vote'], { kind: 'vote', vote: word }];

export const received = (amount: number): Row => [
  ['opening'],
  { changes: { opening: { kind: 'received', amount, unit: 'EUR' } } },
];
export const change = (operation: string, kind: string, amount: number, unit = 'EUR'): Row => [
  [operation],
  { changes: { [operation]: { kind, hold: 's', amount, unit } } },
];
export const gone = (operation: string): Row => [[operation], { changes: {} }];
export const prepared = (operation: string, amount: number): Row => [
  [`${operation}/prepare`],
  {
    changes: {},
    prepared: {
      [operation]: { transaction: 's/1/pay/1', change: { kind: 'held', hold: 's', amount, unit: 'EUR' } },
    },
  },
];

export const saga = (...entries: readonly JsonValue[]): readonly Row[] => [
  [['start'], [{ kind: 'started', saga: 's' }]],
  ...entries.map((entry): Row => [[], [entry]]),
];
export const end = (status: string): JsonValue => ({ kind: 'ended', status });

export const till = (...rows: readonly Row[]): Readonly<Record<string, readonly Row[]>> => ({
  'till/anna': [received(100), ...rows],
});

/** Journals that a spec writes row by row, and audits. */
export class WrittenJournals {
  private constructor(
    private readonly folder: string,
    readonly embedded: Embedded,
  ) {}

  static async open(): Promise<WrittenJournals> {
    const folder = mkdtempSync(join(tmpdir(), 'aura-audit-'));
    return new WrittenJournals(folder, await openEmbedded({ path: join(folder, 'aura.db') }));
  }

  async close(): Promise<void> {
    await this.embedded.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async write(house: House): Promise<void> {
    for (const [namespace, streams] of Object.entries(house))
      for (const [stream, rows] of Object.entries(streams))
        for (const [n, [operations, body]] of rows.entries())
          await this.embedded
            .journal(namespace)
            .append([{ stream, seq: n + 1, at: AT, operations, body: JSON.stringify(body) }]);
  }

  async audited(): Promise<AuditReport> {
    const reader = openEmbeddedReader({ path: join(this.folder, 'aura.db') });
    const names = (await reader.namespaces()).filter((name) => name !== 'coordinator');
    const participants = new Map(names.map((name) => [name, reader.journal(name)]));
    const report = await audit({ coordinator: reader.journal('coordinator'), participants });
    reader.close();
    return report;
  }
}

/** The codes of what was found. */
export function codes({ discrepancies }: AuditReport): readonly string[] {
  return discrepancies.map(({ code }) => code);
}
