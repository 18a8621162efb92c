export { cropPicture } from './lib/crop-picture';
export { imageGrid, type ImageGridOptions } from './lib/image-grid';
export { imresize, type ImresizeOptions, type ImresizeTarget } from './lib/imresize';
export type { Picture, Pictures } from './lib/picture';
export { toPixels } from './lib/to-pixels';
export { toUnit } from './lib/to-unit';
export { encodePng } from './lib/png';
export { samplePng, type SamplePng } from './lib/sample-png';
export { scatterPlot, type ScatterPlotOptions } from './lib/scatter-plot';
