import { confirmedAudit } from '@aura/saga';
import type { AuditReport } from '@aura/saga';

describe('an audit of journals that move', () => {
  const clean = (): AuditReport => ({
    sums: [],
    counts: [],
    steps: 0,
    sagas: { open: 0, ended: 0 },
    transactions: { committed: 0, aborted: 0, open: 0 },
    byHand: [],
    discrepancies: [],
  });
  const wrong = (stream: string): AuditReport => ({
    ...clean(),
    discrepancies: [{ code: 'LEFT_OVER', participant: 'bank', stream, seq: 1, message: 'x' }],
  });

  it.each<readonly [string, readonly AuditReport[], readonly string[], number]>([
    ['forgets what was a moment', [wrong('a'), clean()], [], 1],
    ['forgets moments that follow each other', [wrong('a'), wrong('b')], [], 1],
    ['keeps what stays', [wrong('a'), wrong('a'), wrong('a')], ['a'], 2],
    ['is content at once', [clean()], [], 0],
  ])('%s', async (_what, reports, streams, pauses) => {
    let [passes, paused] = [0, 0];
    const found = await confirmedAudit(
      () => Promise.resolve(reports[passes++] ?? clean()),
      () => Promise.resolve(void (paused += 1)),
    );
    expect(found.discrepancies.map(({ stream }) => stream)).toEqual(streams);
    expect([passes, paused]).toEqual([reports.length, pauses]);
  });
});
