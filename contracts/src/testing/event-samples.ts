export { eventSamples } from '../events/event-samples';
