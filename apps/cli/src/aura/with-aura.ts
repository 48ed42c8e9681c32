import { AuraUnreachableError, isAuraClientError } from '@aura/client';
import type { CliContext } from '../cli-context';
import { openAura, type OpenAura } from './open-aura';

/** How many Auras may go away under one command. */
const CHANGES = 5;

/**
 * Gives work an Aura and stops what was started for it. An Aura that another command owned may end with that command:
 * then the work is given the next one, so it must go on from what it has done already.
 */
export async function withAura<T>(context: CliContext, work: (aura: OpenAura) => Promise<T>): Promise<T> {
  for (let left = CHANGES; ; left -= 1) {
    const aura = await openAura(context.options, context.terminal);
    try {
      context.signal.throwIfAborted();
      return await work(aura);
    } catch (error) {
      if (left === 0 || !isGone(aura, error)) throw error;
      context.terminal.err(`The Aura at ${aura.client.url} has gone.`);
    } finally {
      await aura.close();
    }
  }
}

function isGone(aura: OpenAura, error: unknown): boolean {
  if (aura.origin !== 'running' || !isAuraClientError(error)) return false;
  return error instanceof AuraUnreachableError || !aura.isAnnounced();
}
