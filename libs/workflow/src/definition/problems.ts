import type { DefinitionProblem } from '@aura/contracts';

/** A place in a definition: names of members and numbers of items. */
export type Place = readonly (string | number)[];

/** A place as people read it: `steps[2].input.palette`; empty for the definition itself. */
export function placeText(place: Place): string {
  return place.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

type Found = DefinitionProblem & { readonly line: number };

/** Gathers the reasons why a definition is refused, each with its line. */
export class Problems {
  private readonly found: Found[] = [];

  constructor(
    private readonly file: string,
    private readonly lineOf: (place: Place) => number,
  ) {}

  /** Notes a reason; the same one at the same place counts once. */
  add(code: string, place: Place, message: string): void {
    const path = placeText(place);
    if (this.found.some((other) => other.path === path && other.message === message)) return;
    this.found.push({ code, message, path, line: this.lineOf(place), file: this.file });
  }

  /** Notes a reason that concerns the text as a whole. */
  addAt(code: string, message: string, line: number): void {
    this.found.push({ code, message, path: '', line, file: this.file });
  }

  get isEmpty(): boolean {
    return this.found.length === 0;
  }

  /** All reasons in the order of their lines. */
  list(): readonly DefinitionProblem[] {
    return [...this.found].sort((left, right) => left.line - right.line);
  }
}
