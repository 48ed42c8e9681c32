export type { Actor, Coordinator, StartRefusal, StartRequest } from './coordinator';
