import { resolve } from 'node:path';
import { PATIENCE_MS, runBeside } from './run-beside';

const SCRIPT = resolve(__dirname, '../../../scripts/simulate-mutants.mjs');

describe('the command simulate:mutants', () => {
  it(
    'finds planted bugs: some of the list that it tries in full',
    async () => {
      const { status, text } = await runBeside(SCRIPT, '--sample', '3');
      expect({ status, text }).toEqual({
        status: 0,
        text: expect.stringContaining('3 of 3 planted bugs found') as string,
      });
    },
    PATIENCE_MS,
  );
});
