import { BusinessError } from '@aura/kernel';
import type { Refusal } from './passage';

/** What the work made, or the business refusal that it threw. */
export async function refusalOr<T>(
  work: () => Promise<T> | T,
): Promise<{ readonly refused: Refusal } | { readonly made: T }> {
  try {
    return { made: await work() };
  } catch (error) {
    if (!(error instanceof BusinessError)) throw error;
    const { code, message, help } = error;
    return { refused: { code, message, help } };
  }
}
