import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Templates that come with the CLI; the same place seen from `src` and from `dist`. */
const FOLDER = resolve(__dirname, '../../templates');

const SUFFIX = '.tmpl';
/** Names that npm would leave out of a package, or take for its own. */
const HIDDEN = /(^|[/\\])(gitignore|env)$/;

/**
 * Writes a template's files into a new folder: `__member__` in names and texts becomes the value of that member. Answers
 * their names. Errors: `TypeError` for a member that has no value.
 */
export function renderTemplate(
  template: string,
  into: string,
  values: Readonly<Record<string, string>>,
): readonly string[] {
  const from = join(FOLDER, template);
  const fill = (text: string): string => filled(text, values);
  const files = readdirSync(from, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => ({
      file,
      target: fill(targetOf(file)),
      text: fill(readFileSync(join(from, file), 'utf8')),
    }));
  for (const { target, text } of files) {
    mkdirSync(dirname(join(into, target)), { recursive: true });
    writeFileSync(join(into, target), text);
  }
  return files.map(({ target }) => target).sort();
}

function targetOf(file: string): string {
  return file.slice(0, -SUFFIX.length).replace(HIDDEN, '$1.$2');
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/__([a-z][A-Za-z]*?)__/g, (_all, member: string) => {
    const value = values[member];
    if (value === undefined) throw new TypeError(`a template asks for ${member}`);
    return value;
  });
}
