export {
  dcganDiscriminator,
  type DcganDiscriminatorOptions,
  dcganGenerator,
  type DcganGeneratorOptions,
} from './lib/dcgan';
