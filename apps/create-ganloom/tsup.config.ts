export { appConfig as default } from '@ganloom/config/tsup';
