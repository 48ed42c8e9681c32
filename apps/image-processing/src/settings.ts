import { serviceSettings } from '@aura/nest';

/** What the process of this service reads from its environment and options. */
export const imageProcessingSettings = serviceSettings(8001);
