import { connect, type AuraClient } from '@aura/client';
import { CliError } from '../cli-error';
import type { Terminal } from '../terminal';
import { startOwn } from './embedded';
import { findRunning, localClient } from './find-running';
import { runFileOf, type GlobalOptions } from './global-options';

/** An Aura that a command talks to. */
export interface OpenAura {
  readonly client: AuraClient;
  /** `given` by `--url` or `AURA_URL`; `running` already on this machine; `embedded` in this process. */
  readonly origin: 'given' | 'running' | 'embedded';
  /** Stops what was started for the command, and nothing else. */
  close(): Promise<void>;
}

/** Finds a running Aura, or starts an embedded one for the command's own duration; says on stderr which. */
export async function openAura(options: GlobalOptions, terminal: Terminal): Promise<OpenAura> {
  if (options.url !== undefined && options.url !== '') return given(options.url, terminal);
  const runFile = runFileOf(options.data);
  const running = await findRunning(runFile);
  if (running) {
    terminal.err(`Using the Aura that runs at ${running.url} (process ${running.pid}).`);
    return { client: running.client, origin: 'running', close: async () => undefined };
  }
  terminal.err(`No Aura is running; starting one for this command (data in ${options.data}).`);
  const own = await startOwn(options, { port: options.port ?? 0, log: (line) => terminal.err(line) });
  if (own.isOwn) terminal.err(`Aura listens on ${own.url} until this command ends.`);
  return { client: localClient(own.url), origin: own.isOwn ? 'embedded' : 'running', close: own.stop };
}

function given(url: string, terminal: Terminal): OpenAura {
  let client: AuraClient;
  try {
    client = connect({ url });
  } catch (error) {
    throw new CliError(`${JSON.stringify(url)} is no URL`, 'Give one such as http://127.0.0.1:8006.', 2, {
      cause: error,
    });
  }
  terminal.err(`Using the Aura at ${client.url}.`);
  return { client, origin: 'given', close: async () => undefined };
}
