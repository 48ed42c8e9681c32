import { terminalOn } from '../terminal';

/** A terminal that keeps what was said. */
export function recordedTerminal(env: Readonly<Record<string, string>> = {}, isTTY = false) {
  const out: string[] = [];
  const err: string[] = [];
  const recording = (lines: string[]) => ({
    isTTY,
    write: (text: string) => void lines.push(text.replace(/\n$/, '')),
  });
  const terminal = terminalOn({ stdout: recording(out), stderr: recording(err) }, env);
  return { terminal, out, err };
}
