import { join } from 'node:path';
import { Spawned } from '../e2e/spawned';

const MODULE = join(__dirname, '../../dist/lab/end-when-interrupted.js');
const SCRIPT = `
  const { endWhenInterrupted } = require(${JSON.stringify(MODULE)});
  const alive = setInterval(() => undefined, 1000);
  const leave = endWhenInterrupted(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log('servers ended');
  });
  if (process.argv[1] === 'left') leave();
  console.log('ready');
`;

describe('a command that has started servers for itself', () => {
  const started = (...more: readonly string[]) =>
    new Spawned({ name: 'command', args: ['-e', SCRIPT, '--', ...more], ready: 'ready' });

  test.each(['SIGINT', 'SIGTERM'] as const)('ends them at %s, and dies of it', async (signal) => {
    const command = started();
    await command.ready();
    process.kill(command.pid, signal);
    expect(await command.ended).toEqual({ code: null, signal });
    expect(command.said()).toContain('servers ended');
  });

  it('leaves them alone once it has ended them itself', async () => {
    const command = started('left');
    await command.ready();
    process.kill(command.pid, 'SIGTERM');
    expect(await command.ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect(command.said()).not.toContain('servers ended');
  });
});
