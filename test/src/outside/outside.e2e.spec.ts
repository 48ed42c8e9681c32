import { connect } from '@aura/client';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { closeAll } from '../e2e/close-all';
import { Spawned } from '../e2e/spawned';
import { eventually } from '../lab/eventually';
import { participantOfReadme, publishGreeting } from './greeting';
import { OutsideProject, PACKAGES } from './outside-project';

const CLI = resolve(__dirname, '../../../apps/cli/dist/main.js');

jest.setTimeout(120_000);

describe('a project outside this repository', () => {
  let project: OutsideProject;
  let data: string;
  const running: Spawned[] = [];

  beforeAll(async () => {
    project = await OutsideProject.create();
    data = mkdtempSync(join(tmpdir(), 'aura-outside-data-'));
    project.write('main.ts', participantOfReadme());
    await project.compile('main.ts');
  }, 240_000);

  afterAll(async () => {
    await closeAll(running.map((process) => () => process.kill()));
    project.remove();
    rmSync(data, { recursive: true, force: true });
  });

  async function startAura(): Promise<Spawned> {
    const args = [CLI, 'start', '--data', data, '--port', '0'];
    const aura = new Spawned({ name: 'aura', args, cwd: data, ready: 'Aura listens on ' });
    running.push(aura);
    return aura;
  }

  async function clientOf(aura: Spawned) {
    const url = (await aura.ready()).replace('Aura listens on ', '');
    return connect({ url, retries: 30, reconnects: 60 });
  }

  it('has a participant of at most 15 lines', () => {
    expect(participantOfReadme().trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  });

  it('joins a running Aura, and its step completes a saga; again behind a restart of that Aura', async () => {
    const participant = project.start('main.js', { AURA_RUN_FILE: join(data, 'run.json') });
    running.push(participant);
    await eventually('it says for what it waits', () =>
      participant.said().some((line) => line.includes('waiting for an Aura')) ? true : undefined,
    );
    let aura = await startAura();
    let client = await clientOf(aura);
    await publishGreeting(client);
    const saga = await client.start('greeting', { who: 'Ada' });
    expect((await saga.completed()).output).toEqual({ greeting: 'Hello, Ada' });

    await aura.kill();
    aura = await startAura();
    client = await clientOf(aura);
    const second = await client.start('greeting', { who: 'Bob' });
    expect((await second.completed()).output).toEqual({ greeting: 'Hello, Bob' });
    expect(await participant.stop()).toEqual({ code: null, signal: 'SIGTERM' });
    await aura.stop();
  });

  it.each([
    ['participant', 'style-advisor'],
    ['workflow', 'autumn_looks'],
  ])('that aura new %s has written passes its own test', async (kind, name) => {
    const into = join(data, name);
    const args = [CLI, 'new', kind, name, '--into', into, '--packages', PACKAGES];
    const writing = new Spawned({ name: 'aura new', args, cwd: data, ready: kind });
    await writing.ready();
    expect(await writing.ended).toEqual({ code: 0, signal: null });
    expect(await project.runScriptIn(into, 'test')).toMatch(/# pass 2\n# fail 0/);
  });
});
