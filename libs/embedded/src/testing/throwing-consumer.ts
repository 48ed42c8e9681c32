// A process whose handler breaks its word and throws. Argument: data file.
import { openEmbedded } from '../open-embedded';
import { send } from './bus-watch';

async function main(path: string): Promise<void> {
  const { bus } = await openEmbedded({ path });
  await bus.declareQueue({ queue: 'q', kind: 'work' });
  await bus.consume({
    queue: 'q',
    prefetch: 1,
    handle: () => {
      throw new Error('the handler broke its word');
    },
  });
  await send(bus, 'q', ['a']);
}

void main(process.argv[2] ?? '');
