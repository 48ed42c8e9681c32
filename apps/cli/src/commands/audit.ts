import { readRunFile } from '../aura/run-file';
import { runFileOfOptions } from '../aura/global-options';
import type { CliContext } from '../cli-context';
import { demandHere } from '../demand-here';
import { ExitCode } from '../exit-code';
import { auditPage } from '../pages/audit-page';

/** Options of `aura audit`. */
export interface AuditOptions {
  readonly json?: boolean;
}

/**
 * `aura audit`: adds money, stock and every other resource up from the journals alone; 1 when something does not add up.
 * Looks at the stores of this machine: those of the Aura that is up here, or of the last one.
 */
export async function audit({ options, terminal }: CliContext, { json }: AuditOptions): Promise<ExitCode> {
  demandHere('an audit reads the stores themselves', options.url);
  // Loaded only here: it brings the stores along.
  const { auditAura } = await import('@aura/host');
  const isOnServers =
    options.servers === true || readRunFile(runFileOfOptions(options))?.ground === 'servers';
  const report = await auditAura(isOnServers ? { env: process.env } : { dataDir: options.data });
  if (json === true) terminal.out(JSON.stringify(report, null, 2));
  else for (const line of auditPage(report, terminal)) terminal.out(line);
  return report.discrepancies.length === 0 ? ExitCode.OK : ExitCode.REFUSED;
}
