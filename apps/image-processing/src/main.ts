import { runServiceProcess } from '@aura/nest';
import { imageProcessingModule } from './module';

void runServiceProcess({ service: 'image-processing', module: imageProcessingModule });
