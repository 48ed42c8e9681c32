import { closeAll } from '../e2e/close-all';
import { Installation } from '../e2e/installation';
import type { Spawned } from '../e2e/spawned';
import { participantOfReadme, publishGreeting } from './greeting';
import { OutsideProject } from './outside-project';

jest.setTimeout(120_000);

describe('a project outside this repository, with an Aura on servers', () => {
  let project: OutsideProject;
  let aura: Installation;
  const running: Spawned[] = [];

  beforeAll(async () => {
    [project, aura] = [await OutsideProject.create(), await Installation.open()];
    project.write('main.ts', participantOfReadme());
    await project.compile('main.ts');
  }, 480_000);

  afterAll(async () => {
    await closeAll([...running.map((process) => () => process.kill()), () => aura?.close()]);
    project?.remove();
  });

  it('has a participant that finds the servers in its environment; two instances share its work', async () => {
    const [{ client }] = await Promise.all([aura.coordinator('one'), aura.service('nlu')]);
    for (const AURA_INSTANCE of ['a', 'b'])
      running.push(project.start('main.js', { ...aura.environment, AURA_INSTANCE }));
    await publishGreeting(client);
    const names = Array.from({ length: 20 }, (_, n) => `guest ${n}`);
    const sagas = await Promise.all(names.map((who) => client.start('greeting', { who })));
    const ends = await Promise.all(sagas.map((saga) => saga.completed()));
    expect(ends.map(({ output }) => output)).toEqual(names.map((who) => ({ greeting: `Hello, ${who}` })));
    const [first, second] = running;
    await first?.kill();
    const after = await client.start('greeting', { who: 'Eve' });
    expect((await after.completed()).output).toEqual({ greeting: 'Hello, Eve' });
    expect(await second?.stop()).toMatchObject({ signal: 'SIGTERM' });
  });
});
