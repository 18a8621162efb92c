import type { NamedVariables, Plan, Sample } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { variantsOf } from './plan';

/**
 * Disposes what a plan has made: the networks of both players, and what optimizers, games, losses and
 * terms remember. Networks that only a loss or a term looks through are whoever's who made them.
 */
export function disposePlan<S extends Sample>(plan: Plan<S>): void {
  // Stages share what they hold in common.
  const own = new Set<{ dispose?(): unknown }>();
  const states = new Set<NamedVariables>();
  for (const { game, loss, terms = [], optimizers } of variantsOf(plan)) {
    for (const player of [game.generator, game.discriminator]) {
      for (const model of Object.values(player.models)) own.add(model);
    }
    for (const optimizer of Object.values(optimizers)) own.add(optimizer);
    for (const { state } of [game, ...(loss ? [loss] : []), ...terms]) if (state) states.add(state);
  }
  for (const one of own) one.dispose?.();
  for (const state of states) tf.dispose(Object.values(state));
}
