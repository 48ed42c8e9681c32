import { once } from 'node:events';
import type { SagaDetail } from '@aura/client';
import { startOwn } from '../aura/embedded';
import { findAnswering, localClient } from '../aura/find-running';
import { DEFAULT_DATA, runFileOfOptions, type GlobalOptions } from '../aura/global-options';
import type { OpenAura } from '../aura/open-aura';
import { withAura } from '../aura/with-aura';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';
import { readPicture } from '../input/picture';
import { timeline } from '../pages/timeline';
import { samplePicture } from '../samples';
import { SagaRun } from '../sagas/saga-run';
import { endPage, exitCodeOf } from './run';

/** Options of `aura start`. */
export interface StartOptions {
  readonly once?: boolean;
  readonly image?: string;
}

/** Where Aura listens unless `--port` says otherwise; a busy port moves. */
export const DEFAULT_PORT = 8006;

const WORKFLOW = 'complete_fashion_analysis';

/**
 * `aura start`: an embedded Aura, and `complete_fashion_analysis` over a sample picture to see it work. Stays up until
 * Ctrl-C, unless `--once` or an Aura was running already.
 */
export async function start(context: CliContext, options: StartOptions): Promise<ExitCode> {
  const show = await demonstration(context, options);
  const isThere = context.options.url
    ? true
    : (await findAnswering(runFileOfOptions(context.options), context.terminal.err)) !== undefined;
  if (options.once === true || isThere) return exitCodeOf(await withAura(context, show));
  return stayUp(context, show);
}

type Demonstration = (aura: Pick<OpenAura, 'client'>) => Promise<SagaDetail>;

async function demonstration(context: CliContext, options: StartOptions): Promise<Demonstration> {
  const { terminal } = context;
  const file = options.image ?? samplePicture();
  const picture = await readPicture(file);
  const run = new SagaRun({ workflow: WORKFLOW, picture }, context, terminal.out);
  return async (aura) => {
    terminal.out(`Picture ${file}`);
    const saga = await run.on(aura);
    for (const line of endPage(saga, terminal)) terminal.out(line);
    terminal.out(terminal.colours.bold('Timeline'));
    for (const line of timeline(saga, terminal)) terminal.out(line);
    return saga;
  };
}

async function stayUp({ options, terminal, signal }: CliContext, show: Demonstration): Promise<ExitCode> {
  const own = await startOwn(options, { port: options.port ?? DEFAULT_PORT, log: terminal.err });
  try {
    terminal.out(`Aura listens on ${own.url}`);
    signal.throwIfAborted();
    const saga = await show({ client: localClient(own.url) });
    for (const line of nextSteps(own.url, saga, options)) terminal.out(line);
    if (!signal.aborted && own.isOwn) await once(signal, 'abort');
    terminal.err('Stopping.');
    return ExitCode.OK;
  } finally {
    await own.stop();
  }
}

function nextSteps(url: string, { sagaId }: SagaDetail, options: GlobalOptions): readonly string[] {
  const { data, servers } = options;
  const where = servers === true ? ' --servers' : data === DEFAULT_DATA ? '' : ` --data ${data}`;
  return [
    '',
    `Aura is up at ${url} (Ctrl-C stops it):`,
    `  health       ${url}/health`,
    `  definitions  ${url}/api/v1/definitions`,
    `  this saga    ${url}/api/v1/workflows/${sagaId}`,
    'Next:',
    `  npx --no-install aura run ${WORKFLOW} --image path/to/your/photo.jpg${where}`,
    `  npx --no-install aura definitions list${where}`,
    `  npx --no-install aura why ${sagaId}${where}`,
  ];
}
