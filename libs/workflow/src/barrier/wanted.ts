import { isEventText } from '@aura/contracts';
import { stepStream, TerminalError } from '@aura/kernel';
import type { Journal, StepKey } from '@aura/kernel';
import type { ResourceClaim } from '../participant/action';
import type { Refusal } from './passage';
import { refusalOr } from './refusal-or';
import type { ResourceWriters } from './resource-writers';
import type { Claim } from './step-rows';

/** What an action wants, or why it refuses. */
type Wanted = { readonly made: Claim } | { readonly refused: Refusal };

/** Who is asked what it wants. */
interface Asked {
  readonly key: StepKey;
  claim(): Promise<Claim>;
  /** Present where nothing was asked, and nothing is presumed to stand. */
  readonly presumedAs?: string | undefined;
}

/**
 * What an action wants, of resources that it declares; undefined when it cannot say, and what was presumed not to stand
 * does: that goes on, whatever this trigger brings.
 */
export async function wantedBy(
  asked: Asked,
  { journal, writers }: { readonly journal: Journal; readonly writers: ResourceWriters },
): Promise<Wanted | undefined> {
  try {
    return await refusalOr(async () => {
      const claim = await asked.claim();
      claim.resources.forEach(demandNamed);
      claim.resources.forEach((resource) => writers.of(resource));
      return claim;
    });
  } catch (error) {
    if (asked.presumedAs === undefined) throw error;
    if ((await journal.read(stepStream(asked.key))).length === 0) throw error;
    return undefined;
  }
}

/** Names that a store or an event might cut or change would make one resource of two. */
function demandNamed({ type, id }: ResourceClaim): void {
  if (id !== '' && isEventText(id)) return;
  throw new TerminalError(`an action claims a resource of type ${type} whose id is ${JSON.stringify(id)}`, {
    code: 'INVALID_RESOURCE_ID',
    help: 'An id has at least one character, and no control characters, lone surrogates or noncharacters: refuse such an input.',
  });
}
