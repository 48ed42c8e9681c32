import { join } from 'node:path';
import { openEmbedded } from '@aura/embedded';
import { auditPage } from './pages/audit-page';
import { startOwn } from './aura/embedded';
import { recordedTerminal } from './testing/recorded-terminal';
import { aura } from './testing/run-aura';
import { scratch } from './testing/scratch';

jest.setTimeout(120_000);

const { folder } = scratch();

interface Printed {
  readonly sums: readonly { readonly type: string; readonly received: number; readonly held: number }[];
  readonly sagas: { readonly open: number; readonly ended: number };
  readonly transactions: { readonly committed: number; readonly aborted: number; readonly open: number };
  readonly discrepancies: readonly { readonly code: string; readonly stream: string }[];
}

const audited = async (data: string): Promise<{ readonly code: number; readonly report: Printed }> => {
  const { code, out } = await aura(['audit', '--json', '--data', data]);
  return { code, report: JSON.parse(out) as Printed };
};

it('aura audit adds up what sagas held, while Aura runs and afterwards, and finds what somebody spoilt', async () => {
  const data = join(folder, 'data');
  const own = await startOwn({ data }, { port: 0, log: () => undefined });
  try {
    const look = ['run', 'reserve_look', '--json', '--data', data];
    const wanting = (pieces: readonly string[]): string => JSON.stringify({ userId: 'ada', pieces });
    expect(await aura(look)).toMatchObject({ code: 0 });
    expect(await aura(look)).toMatchObject({ code: 3, out: expect.stringContaining('failed') });
    const dear = wanting(['dre-09', 'out-01', 'sho-03', 'bag-02', 'acc-04', 'out-04']);
    expect(await aura([...look, '--input', dear])).toMatchObject({ code: 3 });
    const plain = wanting(['top-01', 'bot-01', 'sho-01']);
    expect(await aura([...look, '--input', plain])).toMatchObject({ code: 0 });
    expect(await audited(data)).toMatchObject({
      code: 0,
      report: {
        discrepancies: [],
        sagas: { ended: 4, open: 0 },
        transactions: { committed: 2, open: 0 },
      },
    });
  } finally {
    await own.stop();
  }

  const { code, report } = await audited(data);
  expect(code).toBe(0);
  const account = report.sums.find(({ type }) => type === 'account');
  expect(account).toMatchObject({ received: 100_000, available: 100_000 - 44_080, held: 26_200 + 17_880 });
  expect(await aura(['audit', '--data', data])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/style-profile account \(1\): 1000.00 EUR received[^]*Everything adds up\.$/),
  });

  const embedded = await openEmbedded({ path: join(data, 'aura.db') });
  const journal = embedded.journal('style-profile');
  const seq = (await journal.head('account/ada')) + 1;
  const change = { kind: 'held', hold: 'nobody', amount: 5, unit: 'EUR' };
  const body = JSON.stringify({ changes: { 'step/nobody/1/x/0': change } });
  await journal.append([{ stream: 'account/ada', seq, at: 0, operations: ['step/nobody/1/x/0'], body }]);
  await embedded.close();
  const spoilt = await audited(data);
  expect(spoilt.code).toBe(1);
  expect(spoilt.report.discrepancies).toMatchObject([
    { code: 'UNCLAIMED_EFFECT', stream: 'account/ada', seq },
  ]);
  const page = await aura(['audit', '--data', data]);
  expect(page).toMatchObject({
    code: 1,
    out: expect.stringContaining(`account/ada row ${seq}: step/nobody`),
  });
});

it('aura audit says where it must be asked, and that nothing is there', async () => {
  expect(await aura(['audit', '--url', 'http://127.0.0.1:1'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('an audit reads the stores themselves'),
  });
  const missing = await aura(['audit', '--data', join(folder, 'missing')]);
  expect(missing.err).toContain('there is no data file');
  expect(missing.code).not.toBe(0);
});

it('the page of an audit shows a hundred of what is wrong', () => {
  const { terminal } = recordedTerminal();
  const discrepancies = Array.from({ length: 103 }, (_, seq) => ({
    code: 'LEFT_OVER',
    participant: 'bank',
    stream: 'till/anna',
    seq,
    message: 'x',
  }));
  const lines = auditPage(
    {
      sums: [],
      counts: [{ participant: 'shop', type: 'shelf', resources: 1, standing: 1, changes: 2 }],
      steps: 0,
      sagas: { open: 0, ended: 0 },
      transactions: { committed: 0, aborted: 0, open: 0 },
      byHand: ['step/s/1/pay'],
      discrepancies,
    },
    terminal,
  );
  expect(lines).toContain('  shop shelf (1): 1 of 2 changes stand');
  expect(lines).toContain('  step/s/1/pay stands because a person left it so');
  expect(lines.at(-1)).toBe('  and 3 more (--json shows all)');
});
