import type { Optimizer } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { type BackendOptions, onEachBackend } from './backends';

/**
 * What holds for every optimizer: it leaves no tensor over; it writes into no memory that somebody else
 * reads, gradients included; it goes on to the same bits from slots that another one of its kind gave;
 * what it rehearses, if it does, is what it does.
 *
 * @param make makes a new one each time, with the same settings
 */
export function checkOptimizer(make: () => Optimizer, options: BackendOptions = {}): Promise<void> {
  return onEachBackend(options, (backend) => {
    checkLeaks(make);
    checkMemory(make, backend);
    checkRestored(make, backend);
    for (const updates of [0, 3]) checkRehearsal(make, updates, backend);
  });
}

const gradientAt = (i: number) => tf.tensor1d([Math.sin(i), Math.cos(i) / 100]);

function play(optimizer: Optimizer, variable: tf.Variable, from: number, to: number): void {
  for (let i = from; i < to; i++) tf.tidy(() => optimizer.apply([variable], [gradientAt(i)]));
}

function variableOf(values: number[]): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(values)));
}

function checkLeaks(make: () => Optimizer): void {
  expectNoLeak(() => {
    const optimizer = make();
    const kernel = tf.tidy(() => tf.variable(tf.fill([3, 2], 0.5)));
    const variables = { kernel, bias: variableOf([1, 2]) };
    const list = Object.values(variables);
    for (let i = 0; i < 5; i++) {
      tf.tidy(() => optimizer.apply(list, [tf.fill([3, 2], Math.sin(i)), gradientAt(i)]));
    }
    optimizer.slots(variables);
    optimizer.restore(variables, { ...optimizer.slots(variables) });
    tf.tidy(() => {
      const halves = list.map((variable) => tf.mul(variable, 0.5));
      optimizer.rehearse?.(list)(list, halves);
    });
    tf.dispose(variables);
    optimizer.dispose();
  });
}

function checkMemory(make: () => Optimizer, backend: string): void {
  const optimizer = make();
  expect(optimizer.name).not.toBe('');
  const variable = variableOf([1, -0]);
  const reader = tf.clone(variable);
  play(optimizer, variable, 0, 1);
  const slots = optimizer.slots({ kernel: variable });
  const readers = Object.values(slots).map((slot) => tf.clone(slot));
  const before = readers.map((slot) => [...slot.dataSync()]);
  const once = tf.clone(variable);
  const updated = [...once.dataSync()];
  const gradient = gradientAt(1);
  optimizer.apply([variable], [gradient]);
  expect([...reader.dataSync()], backend).toEqual([1, -0]);
  expect([...once.dataSync()], backend).toEqual(updated);
  expect(
    readers.map((slot) => [...slot.dataSync()]),
    backend,
  ).toEqual(before);
  expect(gradient, backend).toBeAllclose([Math.sin(1), Math.cos(1) / 100]);
  tf.dispose([variable, reader, once, readers, gradient]);
  optimizer.dispose();
}

function checkRestored(make: () => Optimizer, backend: string): void {
  const [whole, first, second] = [make(), make(), make()];
  const [a, b] = [variableOf([1, 2]), variableOf([1, 2])];
  play(whole, a, 0, 10);
  play(first, b, 0, 4);
  // Under the same name, but another variable, as in another process; what was there is forgotten.
  const c = tf.variable(b);
  play(second, c, 5, 7);
  c.assign(b);
  second.restore({ kernel: c }, first.slots({ kernel: b }));
  first.dispose();
  play(second, c, 4, 10);
  expect([...c.dataSync()], backend).toEqual([...a.dataSync()]);
  tf.dispose([a, b, c]);
  whole.dispose();
  second.dispose();
}

function checkRehearsal(make: () => Optimizer, updates: number, backend: string): void {
  const optimizer = make();
  const variable = variableOf([1, 2]);
  play(optimizer, variable, 0, updates);
  if (optimizer.rehearse) {
    const foreseen = tf.tidy(() => {
      const next = optimizer.rehearse!([variable]);
      let parameters: tf.Tensor[] = [variable];
      for (let i = updates; i < updates + 4; i++) {
        // A parameter without a gradient stays as it is, and so does what is remembered of it.
        parameters = next(parameters, [undefined]);
        parameters = next(parameters, [gradientAt(i)]);
      }
      return [...parameters[0]!.dataSync()];
    });
    play(optimizer, variable, updates, updates + 4);
    // A fused update rounds otherwise than composed operations.
    expect(variable, backend).toBeAllclose(foreseen, { rtol: 1e-6, atol: 1e-7 });
  }
  variable.dispose();
  optimizer.dispose();
}
