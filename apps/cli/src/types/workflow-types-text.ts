import type { WorkflowTemplate } from '@aura/client';
import { compile } from 'json-schema-to-typescript-lite';

const HEAD = `// Made by \`aura types\` from the definitions of an Aura; made again, not edited.
//
//   const aura = connect<AuraWorkflows>({ url });
`;

/**
 * TypeScript of what workflows take and give: types of each input and output, and \`AuraWorkflows\`, which \`connect\` of
 * @aura/client takes. The same templates give the same text.
 */
export async function workflowTypesText(templates: readonly WorkflowTemplate[]): Promise<string> {
  const sorted = [...templates].sort((a, b) => (a.workflow < b.workflow ? -1 : 1));
  const parts: string[] = [];
  for (const { workflow, input, output } of sorted) {
    const name = pascalCase(workflow);
    parts.push(await typeText(input, `${name}Input`), await typeText(output, `${name}Output`));
  }
  const members = sorted.map(memberText);
  return `${[HEAD, ...parts, `export interface AuraWorkflows {\n${members.join('\n')}\n}`].join('\n')}\n`;
}

function memberText({ workflow, version, name }: WorkflowTemplate): string {
  const type = pascalCase(workflow);
  // A comment that closed itself would be code.
  const title = name.replaceAll('*/', '*\\/');
  return [
    `  /** ${title}, version ${version} */`,
    `  readonly ${workflow}: { readonly input: ${type}Input; readonly output: ${type}Output };`,
  ].join('\n');
}

/** Types inside are named behind their whole, because two workflows may each have a \`Palette\` of their own. */
async function typeText(schema: unknown, name: string): Promise<string> {
  const plain = withoutNames(schema);
  if (typeof plain !== 'object' || plain === null) return `export type ${name} = unknown;\n`;
  const text = await compile(plain, name, {
    customName: ({ title, $id }, key) => {
      const own = key ?? title ?? $id ?? '';
      return own === name || own === '' ? own : `${name}${pascalCase(own)}`;
    },
    unreachableDefinitions: false,
    // A list of one to five is a list, not a union of tuples.
    ignoreMinAndMaxItems: true,
    // Nothing is read from anywhere: a schema is what it is.
    $refOptions: { resolve: { external: false } },
  });
  return text;
}

/** Without titles and ids, which would become names of types beside ours. */
function withoutNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNames);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(
    ([key, member]) => !(['title', '$id', 'id', '$schema'].includes(key) && typeof member === 'string'),
  );
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNames(member)]));
}

function pascalCase(name: string): string {
  return name.replace(/(^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_all, _gap, letter: string) =>
    letter.toUpperCase(),
  );
}
