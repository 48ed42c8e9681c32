// A process that writes until it is killed, and says on stdout what the store acknowledged:
// `append STREAM SEQ`, `publish ID`, `effect ID`. Arguments: data file, number of the run.
import { writeSync } from 'node:fs';
import { openEmbedded } from '../open-embedded';
import { send } from './bus-watch';
import { consumeOnce } from './effect-consumer';

const WRITERS = 8;

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function main(path: string, run: string): Promise<void> {
  const { bus, journal } = await openEmbedded({ path });
  const rows = journal('writer');
  await bus.declareQueue({ queue: 'q', kind: 'work' });
  await consumeOnce(bus, rows, 'q', (id) => say(`effect ${id}`));
  const write = async (writer: number): Promise<void> => {
    const stream = `stream-${writer}`;
    for (let seq = (await rows.head(stream)) + 1; ; seq++) {
      const id = `${run}/${writer}/${seq}`;
      const [result] = await rows.append([
        { stream, seq, at: seq, operations: [id], body: JSON.stringify(id) },
      ]);
      if (result !== 'appended') throw new Error(`${id} met ${result}`);
      say(`append ${stream} ${seq} ${id}`);
      await send(bus, 'q', [id]);
      say(`publish ${id}`);
    }
  };
  say('ready');
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
}

main(process.argv[2] ?? '', process.argv[3] ?? '').catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
