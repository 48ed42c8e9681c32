/** Types of steps that live in the coordinator, each with the member of the step that says more about it. */
export const BUILT_IN_TYPES = ['wait', 'transaction', 'saga'] as const;

/** A type of steps that live in the coordinator. */
export type BuiltInType = (typeof BUILT_IN_TYPES)[number];

/** Whether steps of a type live in the coordinator. */
export function isBuiltInType(type: string): type is BuiltInType {
  return BUILT_IN_TYPES.some((known) => known === type);
}
