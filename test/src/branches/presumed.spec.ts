import { AskedJournal } from '../barrier/asked-journal';
import { BranchStage } from './branch-stage';
import type { Asked } from './branch-stage';

describe('a branch of a participant', () => {
  let branches: BranchStage;
  let journal: AskedJournal;
  beforeEach(async () => {
    branches = await BranchStage.open((stage) => {
      journal = new AskedJournal(stage.ports('store').journal);
      return { journal };
    });
  });
  afterEach(() => branches.close());

  const prepare = (saga: string): Asked => ({ ask: 'prepare', saga, input: { lockers: { one: saga } } });
  const appends = (saga: string) => journal.streams.filter((stream) => stream.startsWith(`step/${saga}/`));

  test('that is asked for the first time does not ask what stands, nor does its decision', async () => {
    await branches.ask(prepare('s1'));
    await branches.ask({ ask: 'commit', saga: 's1' });
    expect(journal.asked).toBe(0);
    expect(appends('s1')).toHaveLength(3);
  });

  test('that waited for what another one holds asks what stands, and claims nothing again', async () => {
    await branches.ask(prepare('s1'));
    await branches.request({ ...prepare('s2'), waitMs: 600_000 });
    await branches.stage.quiet('store');
    await branches.ask({ ask: 'abort', saga: 's1' });
    const before = journal.asked;
    for (let n = 0; n < 30 && branches.saidOf('s2').length === 0; n++) {
      await branches.stage.world.advance(1000);
      await branches.stage.quiet('store');
    }
    expect(branches.saidOf('s2')).toMatchObject([{ data: { vote: 'yes' } }]);
    expect(journal.asked).toBeGreaterThan(before);
    expect(appends('s2')).toHaveLength(2);
  });
});
