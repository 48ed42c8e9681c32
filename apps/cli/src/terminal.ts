import pc from 'picocolors';

/** Where the CLI speaks: results on one side, what goes on and errors on the other. */
export interface Terminal {
  /** One line of results, stdout. */
  out(line: string): void;
  /** One line about what goes on, stderr. */
  err(line: string): void;
  /** Colours of stdout; without any when nobody looks at it. */
  readonly colours: ReturnType<typeof pc.createColors>;
  readonly hasColour: boolean;
}

interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** A terminal on two outputs. Colours where stdout is a terminal; `NO_COLOR` and `FORCE_COLOR` have the last word. */
export function terminalOn(
  outputs: { readonly stdout: Output; readonly stderr: Output },
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const { stdout, stderr } = outputs;
  const hasColour = wantsColour(stdout.isTTY === true, env);
  return {
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    colours: pc.createColors(hasColour),
    hasColour,
  };
}

function wantsColour(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return isTerminal && env['TERM'] !== 'dumb';
}
