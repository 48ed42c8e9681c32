import { sampleRecord, sampleViews, viewsConformance } from '@aura/kernel/testing';
import { EmbeddedHarness } from '../testing/embedded-harness';

viewsConformance('SQLite', async () => {
  const harness = await EmbeddedHarness.open();
  return {
    views: (namespace) => harness.embedded.views(namespace),
    reopen: () => harness.reopen(),
    close: () => harness.close(),
  };
});

describe('a view that was written before', () => {
  let harness: EmbeddedHarness;
  beforeEach(async () => void (harness = await EmbeddedHarness.open()));
  afterEach(() => harness.close());

  const opened = () => harness.embedded.views('twice').open(sampleViews);

  it('is written whole where somebody else has written it meanwhile', async () => {
    const [one, two] = [await opened(), await opened()];
    await one.put([sampleRecord('v', { owner: 'kim', size: 1 }, 1)]);
    await two.put([sampleRecord('v', { owner: 'lee', size: 2 }, 2)]);
    await one.put([sampleRecord('v', { owner: 'kim', size: 3 }, 3)]);
    expect(await two.get('v')).toStrictEqual(sampleRecord('v', { owner: 'kim', size: 3 }, 3));
    await two.put([sampleRecord('v', { size: 9 }, 9)]);
    await one.put([sampleRecord('v', { size: 4 }, 4)]);
    expect(await one.get('v')).toStrictEqual(sampleRecord('v', { size: 9 }, 9));
    await one.put([sampleRecord('v', { size: 10 }, 10)]);
    expect(await two.get('v')).toStrictEqual(sampleRecord('v', { size: 10 }, 10));
  });

  it('is written again with a lower version once it was removed', async () => {
    const [one, two] = [await opened(), await opened()];
    await one.put([sampleRecord('v', { size: 5 }, 5)]);
    await two.remove(['v']);
    await one.put([sampleRecord('v', { size: 1 }, 1)]);
    expect(await one.get('v')).toStrictEqual(sampleRecord('v', { size: 1 }, 1));
    await two.remove(['v']);
    await one.put([sampleRecord('v', { size: 2 }, 2)]);
    expect(await one.get('v')).toStrictEqual(sampleRecord('v', { size: 2 }, 2));
  });
});
