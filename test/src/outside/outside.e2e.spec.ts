import { connect } from '@aura/client';
import type { AuraClient } from '@aura/client';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { closeAll } from '../e2e/close-all';
import { Spawned } from '../e2e/spawned';
import { eventually } from '../lab/eventually';
import { participantOfReadme, publishGreeting } from './greeting';
import { OutsideProject, PACKAGES } from './outside-project';

const CLI = resolve(__dirname, '../../../apps/cli/dist/main.js');

jest.setTimeout(120_000);

/** What a line of a README says when it is typed in. */
async function shell(line: string | undefined, cwd: string): Promise<string> {
  if (line === undefined) throw new Error('the README has no such line');
  return (await promisify(execFile)('sh', ['-c', `${line} --silent`], { cwd })).stdout;
}

describe('a project outside this repository', () => {
  let project: OutsideProject;
  let data: string;
  const running: Spawned[] = [];

  beforeAll(async () => {
    project = await OutsideProject.create();
    data = mkdtempSync(join(tmpdir(), 'aura-outside-data-'));
    project.write('main.ts', participantOfReadme());
    await project.compile('main.ts');
  }, 480_000);

  afterAll(async () => {
    await closeAll(running.map((process) => () => process.kill()));
    project.remove();
    rmSync(data, { recursive: true, force: true });
  });

  async function startAura(): Promise<{ readonly aura: Spawned; readonly client: AuraClient }> {
    const args = [CLI, 'up', '--foreground', '--data', data, '--port', '0'];
    const aura = new Spawned({ name: 'aura', args, cwd: data, ready: 'Aura is up at ' });
    running.push(aura);
    const url = (await aura.ready()).replace('Aura is up at ', '');
    return { aura, client: connect({ url, retries: 30, reconnects: 60 }) };
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
    const before = await startAura();
    await publishGreeting(before.client);
    const saga = await before.client.start('greeting', { who: 'Ada' });
    expect((await saga.completed()).output).toEqual({ greeting: 'Hello, Ada' });

    await before.aura.kill();
    const { aura, client } = await startAura();
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
    const args = [CLI, 'new', kind, name, '--into', into, '--packages', PACKAGES, '--data', data];
    const writing = new Spawned({ name: 'aura new', args, cwd: data, ready: kind });
    await writing.ready();
    expect(await writing.ended).toEqual({ code: 0, signal: null });
    expect(await project.runScriptIn(into, 'test')).toMatch(/# pass 2\n# fail 0/);
  });

  it('runs the participant that aura new has written as its README says', async () => {
    const cwd = join(data, 'style-advisor');
    const { aura, client } = await startAura();
    const args = ['--env-file=.env', 'dist/main.js'];
    const participant = new Spawned({ name: 'style-advisor', args, cwd, ready: 'style-advisor ready' });
    running.push(participant);
    await participant.ready();
    const lines = readFileSync(join(cwd, 'README.md'), 'utf8').match(/curl .*/g) ?? [];
    const [publish, execute] = lines.map((line) => line.replace('http://127.0.0.1:8006', client.url));
    await eventually('its saga is published', async () =>
      /"status":"(publishing|active)"/.test(await shell(publish, cwd)) ? true : undefined,
    );
    expect(JSON.parse(await shell(execute, cwd))).toMatchObject({
      status: 'completed',
      output: { greeting: 'Hello, Ada' },
    });
    await participant.stop();
    await aura.stop();
  });
});
