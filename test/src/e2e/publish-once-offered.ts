import { isAuraClientError } from '@aura/client';
import type { AuraClient } from '@aura/client';
import { eventually } from '../lab/eventually';

/**
 * Publishes a definition as soon as its participants have announced themselves: until a coordinator has heard of them nobody
 * offers the actions. Errors: what refused it to the end.
 */
export async function publishOnceOffered(client: AuraClient, text: string, file: string): Promise<void> {
  let refusal = '';
  await eventually(`the definition in ${file} is published`, async () => {
    try {
      return await client.publishDefinition(text, { file });
    } catch (error) {
      if (!isAuraClientError(error)) throw error;
      refusal = JSON.stringify(error);
      return undefined;
    }
  }).catch((error: unknown) => {
    throw new Error(`the definition was refused to the end: ${refusal}`, { cause: error });
  });
}
