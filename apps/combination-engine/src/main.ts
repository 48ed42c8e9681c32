import { runServiceProcess } from '@aura/nest';
import { combinationEngineModule } from './module';
import { combinationEngineSettings } from './settings';

void runServiceProcess({
  service: 'combination-engine',
  module: combinationEngineModule,
  settings: combinationEngineSettings,
});
