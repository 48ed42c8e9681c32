import { join, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../../../..');
/** Where the files seem to stand: packages are resolved from here. */
const FOLDER = join(ROOT, 'apps/cli/src/types');

function options(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
  const { compilerOptions } = config as { readonly compilerOptions: object };
  const parsed = ts.convertCompilerOptionsFromJson({ ...compilerOptions, types: ['node'] }, ROOT);
  return { ...parsed.options, noEmit: true };
}

/** What the compiler says of files that exist in memory alone, as `file:line: message`. */
export function typeProblems(files: Readonly<Record<string, string>>): readonly string[] {
  const texts = new Map(Object.entries(files).map(([name, text]) => [join(FOLDER, name), text]));
  const host = ts.createCompilerHost(options());
  const { fileExists, readFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  const source = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) => {
    const text = texts.get(name);
    return text === undefined ? source(name, version) : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram({ rootNames: [...texts.keys()], options: options(), host });
  return [...texts.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(lineOf);
  });
}

function lineOf({ file, start = 0, messageText }: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, ' ');
  if (file === undefined) return message;
  const { line } = file.getLineAndCharacterOfPosition(start);
  return `${file.fileName.slice(FOLDER.length + 1)}:${line + 1}: ${message}`;
}
