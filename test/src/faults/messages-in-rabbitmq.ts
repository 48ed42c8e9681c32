import { rabbitmqctl } from '@aura/servers';

/** Messages by queue, ready and unacked ones, of a virtual host; queues without any are left out. */
export async function messagesInRabbitmq(
  url: string,
  environment: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, number>>> {
  const host = decodeURIComponent(new URL(url).pathname.slice(1)) || '/';
  const told = await rabbitmqctl(
    ['list_queues', '-p', host, 'name', 'messages', '--quiet', '--no-table-headers'],
    environment,
  );
  const counted = told
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([name]) => name !== undefined && name !== '')
    .map(([name = '', messages]) => [name, Number(messages)] as const);
  return Object.fromEntries(counted.filter(([, messages]) => messages !== 0));
}
