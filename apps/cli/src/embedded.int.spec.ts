import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startOwn } from './aura/embedded';
import { cli } from './cli';
import { Interruption } from './interruption';
import { recordedTerminal } from './testing/recorded-terminal';
import { aura } from './testing/run-aura';
import { scratch } from './testing/scratch';

jest.setTimeout(60_000);

const { folder } = scratch();
const data = join(folder, 'data');
const runFile = join(data, 'run.json');

describe('a command with an Aura of its own', () => {
  it('shows a first analysis and ends, with nothing left behind', async () => {
    const { code, out, err } = await aura(['start', '--once', '--data', data]);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(`data in ${data}`) });
    for (const part of ['Palette', 'Profile', 'Outfits', 'Recommendations', 'Timeline', '█']) {
      expect(out).toContain(part);
    }
    expect(existsSync(runFile)).toBe(false);
  });

  it('stays up until it is interrupted, and serves others meanwhile', async () => {
    const controller = new AbortController();
    const { terminal, out, err } = recordedTerminal();
    const up = cli({
      args: ['start', '--data', data, '--port', '0'],
      version: '1',
      terminal,
      signal: controller.signal,
      debug: false,
    });
    while (!out.some((line) => line.includes('aura why'))) {
      await Promise.race([up, new Promise((resolve) => setTimeout(resolve, 20))]);
      expect(err.filter((line) => line.startsWith('error'))).toEqual([]);
    }
    const [, url] = /^Aura listens on (\S+)$/.exec(out[0] ?? '') ?? [];
    expect(out.at(-1)).toContain(`--data ${data}`);
    const list = await aura(['definitions', 'list', '--data', data]);
    expect(list).toMatchObject({
      code: 0,
      err: `Using the Aura that runs at ${url} (process ${process.pid}).`,
    });
    const again = await aura(['start', '--data', data]);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Timeline') });
    controller.abort(new Interruption('SIGINT'));
    expect(await up).toBe(0);
    expect(existsSync(runFile)).toBe(false);
  });

  it('talks to the owner of the data when it comes second', async () => {
    const options = { data };
    const lines: string[] = [];
    const own = await Promise.all(
      [1, 2].map(() => startOwn(options, { port: 0, log: (line) => lines.push(line) })),
    );
    expect(own.map(({ isOwn }) => isOwn).sort()).toEqual([false, true]);
    expect(new Set(own.map(({ url }) => url)).size).toBe(1);
    expect(lines.join('\n')).toContain('Another command was faster');
    await Promise.all(own.map(({ stop }) => stop()));
  });
});
