import type { AuraClient } from '@aura/client';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { untilActive } from '../e2e/installation';
import { LOAD_DEFINITION, ORDER } from './load-definition';

const PICTURE = join(__dirname, '../../../apps/cli/samples/autumn-knit.jpg');

/** Publishes what a load starts, waits until it is active, and uploads the picture; answers its digest. */
export async function prepareLoad(client: AuraClient): Promise<string> {
  await client.publishDefinition(JSON.stringify(LOAD_DEFINITION), { file: 'faults.json' });
  await untilActive(client, [ORDER, 'complete_fashion_analysis']);
  return (await client.uploadImage(readFileSync(PICTURE), 'image/jpeg')).digest;
}
