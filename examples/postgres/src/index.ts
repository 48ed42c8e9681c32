export { bookSlot } from './book-slot';
export { Operations } from './operations';
export type { Change } from './operations';
