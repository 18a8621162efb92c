export { libraryConfig as default } from '@ganloom/config/tsup';
