import { audit } from '@aura/saga';
import type { AuditReport } from '@aura/saga';
import { COORDINATOR } from '../installation/installation';
import type { Installation } from '../installation/installation';
import { JournalTable } from '../stores/journal-table';
import { tableReader } from '../stores/table-reader';

/** Audits the journals of an installation as they stand: `discrepancies` is empty when everything adds up. */
export function auditInstallation({ namespaces }: Pick<Installation, 'namespaces'>): Promise<AuditReport> {
  const readers = new Map([...namespaces].map(([name, { journal }]) => [name, tableReader(journal)]));
  const coordinator = readers.get(COORDINATOR) ?? tableReader(new JournalTable());
  readers.delete(COORDINATOR);
  return audit({ coordinator, participants: readers });
}
