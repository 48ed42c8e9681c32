import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The shared RabbitMQ of a test run: `AURA_RABBITMQ_URL`, else what `npm run servers:up` wrote to `.aura/servers.env`. */
export function brokerUrl(): string {
  const url = process.env['AURA_RABBITMQ_URL'] ?? fromFile();
  if (!url) throw new Error('no RabbitMQ: run npm run servers:up, or set AURA_RABBITMQ_URL');
  return url;
}

function fromFile(): string | undefined {
  const file = join(__dirname, '../../../../.aura/servers.env');
  if (!existsSync(file)) return undefined;
  return /^(?:export )?AURA_RABBITMQ_URL=['"]?([^'"\s]+)/m.exec(readFileSync(file, 'utf8'))?.[1];
}
