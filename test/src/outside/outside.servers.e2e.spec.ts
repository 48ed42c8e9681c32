import { connect } from '@aura/client';
import type { AuraClient } from '@aura/client';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auraCommand } from '../e2e/aura-command';
import { closeAll } from '../e2e/close-all';
import { Installation } from '../e2e/installation';
import type { Spawned } from '../e2e/spawned';
import { participantOfReadme, publishGreeting } from './greeting';
import { OutsideProject } from './outside-project';

jest.setTimeout(240_000);

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

  describe('and the command aura up --servers', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'aura-outside-up-'));
    const runFile = join(cwd, '.aura', 'run.json');
    let installation: Installation;
    let command: ReturnType<typeof auraCommand>;

    beforeAll(async () => {
      installation = await Installation.open();
      command = auraCommand(cwd, installation.environment);
      mkdirSync(join(cwd, '.aura'));
      const lines = Object.entries(installation.environment).map(([name, value]) => `${name}=${value}\n`);
      writeFileSync(join(cwd, '.aura', 'servers.env'), lines.join(''));
    });

    afterAll(
      () =>
        closeAll([
          () => command('down'),
          () => installation?.close(),
          () => Promise.resolve(rmSync(cwd, { recursive: true, force: true })),
        ]),
      90_000,
    );

    async function up(): Promise<AuraClient> {
      expect(await command('--servers', '--port', '0', 'up')).toMatchObject({ code: 0 });
      const { url } = JSON.parse(readFileSync(runFile, 'utf8')) as { readonly url: string };
      return connect({ url, retries: 30, reconnects: 60 });
    }

    /** Its participant knows where that Aura is announced, and nothing else. */
    function joining(): Spawned {
      const servers = Object.keys(installation.environment).map((name) => [name, undefined] as const);
      const process = project.start('main.js', { ...Object.fromEntries(servers), AURA_RUN_FILE: runFile });
      running.push(process);
      return process;
    }

    it('joins it while it runs, is told with its processes, and its step completes a saga; also behind a restart of either', async () => {
      let client = await up();
      const first = joining();
      await publishGreeting(client);
      const greeting = async (who: string): Promise<unknown> =>
        (await (await client.start('greeting', { who })).completed()).output;
      expect(await greeting('Ada')).toEqual({ greeting: 'Hello, Ada' });
      expect((await command('status')).out).toMatch(/^ {2}greeter +present /m);
      await first.kill();
      const second = joining();
      expect(await greeting('Bob')).toEqual({ greeting: 'Hello, Bob' });
      expect(await command('down')).toMatchObject({ code: 0 });
      client = await up();
      expect(await greeting('Eve')).toEqual({ greeting: 'Hello, Eve' });
      expect(await second.stop()).toMatchObject({ signal: 'SIGTERM' });
    });
  });
});
