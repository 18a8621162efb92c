import { checkLoss } from '@ganloom/testing';
import { it } from 'vitest';
import { myLoss } from './my-gan';

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const mean = (logits: ArrayLike<number>, f: (logit: number) => number) =>
  Array.from(logits, f).reduce((sum, value) => sum + value, 0) / logits.length;

// The formula once more, in float64: gradients are compared with its finite differences.
it('my-gan: the loss is as its formula says', () =>
  checkLoss(myLoss(), {
    discriminator: (real, fake) => mean(real, (r) => softplus(-r)) + mean(fake, softplus),
    generator: (fake) => mean(fake, (f) => softplus(-f)),
  }));
