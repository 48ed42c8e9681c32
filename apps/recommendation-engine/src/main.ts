import { runServiceProcess } from '@aura/nest';
import { recommendationEngineModule } from './module';
import { recommendationEngineSettings } from './settings';

void runServiceProcess({
  service: 'recommendation-engine',
  module: recommendationEngineModule,
  settings: recommendationEngineSettings,
});
