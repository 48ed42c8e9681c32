import { aura, auraAt } from './testing/run-aura';
import { scratch } from './testing/scratch';
import { refusal, scriptedAura } from './testing/scripted-aura';

const { file } = scratch();

describe('the ways to use it wrongly', () => {
  it.each([
    ['an unknown command', ['dance']],
    ['an unknown option', ['run', 'greet', '--fast']],
    ['a missing argument', ['run']],
    ['no command', []],
    ['half a command', ['definitions']],
    ['a port that is none', ['run', 'greet', '--port', '99999']],
    ['input that is no JSON', ['run', 'greet', '--input', '{']],
    ['an input file that is not there', ['run', 'greet', '--input', '@/nowhere/x.json']],
    ['a picture that is not there', ['run', 'greet', '--image', '/nowhere/x.jpg']],
    ['a definition that is a folder', ['definitions', 'validate', '/']],
    ['an URL that is none', ['why', 'x', '--url', 'nowhere']],
  ])('end with 2: %s', async (_name, args) => {
    const { code, out } = await aura(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('refuses a file that is no picture before anything is sent', async () => {
    const text = file('notes.txt', 'no picture');
    expect(await aura(['run', 'greet', '--image', text])).toMatchObject({
      code: 1,
      err: expect.stringContaining('JPEG'),
    });
  });

  it('ends with 4 when nobody answers, and with 4 when Aura is overloaded', async () => {
    const server = await scriptedAura({});
    await server.close();
    const nobody = await aura(['definitions', 'list', '--url', server.url]);
    expect(nobody).toMatchObject({
      code: 4,
      err: expect.stringMatching(/cannot be reached.*\nCheck that Aura runs/),
    });
    const answers = { 'GET /api/v1/definitions': refusal(429, 'OVERLOADED', 'too much') };
    expect(await auraAt(answers, 'definitions', 'list')).toMatchObject({ code: 4 });
  });

  it('is told by --help, with the table of exit codes, and by --version', async () => {
    const help = await aura(['--help']);
    expect(help.code).toBe(0);
    expect(help.out).toMatch(/Commands:[^]*start[^]*Exit codes:\n {4}0 {2}done/);
    expect(await aura(['--version'])).toMatchObject({ code: 0, out: '9.9.9' });
  });
});
