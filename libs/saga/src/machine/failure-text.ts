import type { ErrorRecord } from '@aura/contracts';

/** Why something failed, in words; what could not be handled is named, since that is what a person looks at. */
export function failureText({ message }: ErrorRecord, deadLetterId: string | undefined): string {
  return deadLetterId === undefined ? message : `${message} (dead letter ${deadLetterId})`;
}
