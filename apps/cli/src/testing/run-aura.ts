import { cli } from '../cli';
import { recordedTerminal } from './recorded-terminal';
import { scriptedAura, type Answers } from './scripted-aura';

/** Runs one command in this process. */
export async function aura(args: readonly string[]) {
  const { terminal, out, err } = recordedTerminal();
  const signal = new AbortController().signal;
  const code = await cli({ args, version: '9.9.9', terminal, signal, debug: false });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** Runs one command against a scripted Aura. */
export async function auraAt(answers: Answers, ...args: readonly string[]) {
  const server = await scriptedAura(answers);
  const result = await aura([...args, '--url', server.url]);
  await server.close();
  return { ...result, seen: server.seen, url: server.url };
}
