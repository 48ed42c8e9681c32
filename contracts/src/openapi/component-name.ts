/** Name of a shape among the document's schemas: `saga-detail` is `SagaDetail`. */
export function componentName(shape: string): string {
  return shape.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
}

/** Where the document has a schema. */
export function componentReference(name: string): string {
  return `#/components/schemas/${name}`;
}
