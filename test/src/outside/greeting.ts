import type { AuraClient } from '@aura/client';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { untilActive } from '../e2e/installation';
import { publishOnceOffered } from '../e2e/publish-once-offered';

/** The participant that the README of @aura/nest shows: its first block of code. */
export function participantOfReadme(): string {
  const readme = readFileSync(resolve(__dirname, '../../../libs/nest/README.md'), 'utf8');
  const [, code] = /```ts\n([^]*?)```/.exec(readme) ?? [];
  if (code === undefined) throw new Error('the README of @aura/nest shows no participant');
  return code;
}

/** A saga whose last step is done by that participant, behind one of a service that Aura ships with. */
const GREETING = `
id: greeting
name: Greeting
version: 1.0.0
description: Greets somebody, behind a look at what is wished for.
input:
  type: object
  properties:
    who: { type: string }
  required: [who]
steps:
  - id: understand
    action: understand-query
    input:
      query: input.who
  - id: greet
    action: greet
    dependencies: [understand]
    input:
      who: input.who
output:
  greeting: steps.greet.output.greeting
`;

/** Publishes the definition and waits until it is active. */
export async function publishGreeting(client: AuraClient): Promise<void> {
  await publishOnceOffered(client, GREETING, 'greeting.yaml');
  await untilActive(client, ['greeting']);
}
