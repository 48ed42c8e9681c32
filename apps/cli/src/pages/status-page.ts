import type { Terminal } from '../terminal';
import type { SeenAura, SeenProcess } from '../up/observe';

/** An Aura's processes, participants and health on one page. */
export function statusPage(aura: SeenAura, terminal: Pick<Terminal, 'colours'>): readonly string[] {
  const { colours } = terminal;
  const { url = 'an unknown address', pid, version = 'of unknown version', ground } = aura;
  return [
    `Aura ${version} is ${aura.status} at ${url} (process ${pid}, ${ground})`,
    colours.bold('Processes'),
    ...aura.processes.flatMap(processLines),
    colours.bold('Participants'),
    ...participantLines(aura),
    colours.bold('Health'),
    ...(aura.health === undefined ? ['  nobody answers'] : healthLines(aura.health)),
  ];
}

function processLines(process: SeenProcess): readonly string[] {
  const { name, status, pid, url = '', restarts, lastEnd, isReady } = process;
  const told = [
    `  ${name.padEnd(22)} ${(isReady ? 'ready' : status === 'up' ? 'not ready' : status).padEnd(9)}`,
    pid === undefined ? '' : `pid ${pid}`,
    url,
    process.version ?? '',
    restarts === 0 ? '' : `started again ${restarts} times, ended ${lastEnd ?? 'for unknown reasons'}`,
  ];
  return [told.filter((part) => part !== '').join('  '), ...process.lacks.map((lack) => `    ${lack}`)];
}

function participantLines({ participants }: SeenAura): readonly string[] {
  if (participants === undefined) return ['  unknown: nobody answers'];
  if (participants.participants.length === 0) return ['  none has announced itself yet'];
  return participants.participants.flatMap(
    ({ participant, version, status, actions, neededBy, instances }) => [
      `  ${participant.padEnd(22)} ${status.padEnd(9)}  ${version}  ${actions.join(', ')}`,
      ...(status === 'missing' && neededBy.length > 0 ? [`    needed by ${neededBy.join(', ')}`] : []),
      ...instances.map(
        (one) =>
          `    ${one.status === 'present' ? '✓' : '✗ missing, last heard'} ${
            one.status === 'present' ? '' : `${one.seenAt} `
          }${one.instance}`,
      ),
    ],
  );
}

function healthLines({ status, reasons }: NonNullable<SeenAura['health']>): readonly string[] {
  return [`  ${status}`, ...reasons.map((reason) => `  ${reason}`)];
}
