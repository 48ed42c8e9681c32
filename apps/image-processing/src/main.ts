import { runServiceProcess } from '@aura/nest';
import { imageProcessingModule } from './module';
import { imageProcessingSettings } from './settings';

void runServiceProcess({
  service: 'image-processing',
  module: imageProcessingModule,
  settings: imageProcessingSettings,
});
