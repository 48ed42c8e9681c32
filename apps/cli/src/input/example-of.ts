import type { DefinitionSummary, JsonValue } from '@aura/client';
import { rcompare, valid } from 'semver';
import { CliError } from '../cli-error';
import { ExitCode } from '../exit-code';

/** The example of a workflow: of the version asked for, else of its newest active one. */
export function exampleOf(
  definitions: readonly DefinitionSummary[],
  workflow: string,
  version?: string,
): JsonValue {
  const [newest] = definitions
    .filter((definition) => definition.id === workflow && isWanted(definition, version))
    .sort((a, b) => byVersion(a.version, b.version));
  if (newest !== undefined) return newest.example;
  throw new CliError(
    `there is no workflow ${version === undefined ? workflow : `${workflow} ${version}`}`,
    whatThereIs(definitions, workflow),
    ExitCode.REFUSED,
  );
}

/** The versions of a workflow that is there, else all workflows. */
function whatThereIs(definitions: readonly DefinitionSummary[], workflow: string): string {
  const versions = definitions.filter(({ id }) => id === workflow);
  if (versions.length > 0) {
    const known = versions.map(({ version, status }) => `${version} (${status})`);
    return `Of ${workflow} there is: ${known.join(', ')}.`;
  }
  const known = [...new Set(definitions.map(({ id }) => id))].sort().join(', ');
  return known === '' ? 'No definition is published yet.' : `There is: ${known}.`;
}

function isWanted({ status, version }: DefinitionSummary, wanted: string | undefined): boolean {
  return wanted === undefined ? status === 'active' : version === wanted;
}

function byVersion(a: string, b: string): number {
  return valid(a) !== null && valid(b) !== null ? rcompare(a, b) : b.localeCompare(a);
}
