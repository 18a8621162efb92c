export { recipeConfig as default } from '@ganloom/config/tsup';
