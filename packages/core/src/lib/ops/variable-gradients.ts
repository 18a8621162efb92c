import * as tf from '@tensorflow/tfjs';

/** The gradients by the names of the variables; those that f does not depend on are left out. */
export interface VariableGradients {
  readonly value: tf.Scalar;
  readonly grads: Readonly<Record<string, tf.Tensor>>;
}

/**
 * `tf.variableGrads` with less memory: on the way back, what a layer's gradient needed is disposed
 * when the next one's turn comes, where TensorFlow.js keeps all of it, and every gradient of an
 * activation, to the end. The caller disposes value and gradients.
 */
export function variableGradients(f: () => tf.Scalar, variables: tf.Variable[]): VariableGradients {
  return tf.variableGrads(() => {
    const value = f();
    const { activeTape, gradientDepth } = tf.engine().state as unknown as EngineState;
    // An outer tape goes this way again.
    if (gradientDepth === 1) disposeBehind(activeTape);
    return value;
  }, variables);
}

/** What TensorFlow.js records of an operation. */
interface TapeNode {
  readonly inputs: tf.NamedTensorMap;
  readonly saved?: tf.Tensor[];
  gradient?: (dys: (tf.Tensor | null)[]) => Record<string, () => tf.Tensor>;
}

interface EngineState {
  readonly activeTape: TapeNode[];
  readonly gradientDepth: number;
}

function disposeBehind(tape: readonly TapeNode[]): void {
  /** Of the operation before; nobody needs it when the turn of the next comes. */
  let behind: tf.Tensor[] = [];
  /** Tensors that have a gradient already, so that another is added to it. */
  const met = new Set<number>();
  for (const node of tape) {
    const { inputs, saved = [], gradient } = node;
    if (!gradient) continue;
    node.gradient = (dys) => {
      tf.dispose(behind);
      behind = [...saved, ...dys.filter((dy) => dy !== null)];
      // What a gradient hands on must be a tensor of its own, as each is disposed by itself.
      const taken = new Set(behind);
      const handOn = (tensor: tf.Tensor, { id }: tf.Tensor): tf.Tensor => {
        const own = taken.has(tensor) ? tf.clone(tensor) : tensor;
        taken.add(own);
        if (met.has(id)) behind.push(own);
        met.add(id);
        return own;
      };
      return Object.fromEntries(
        Object.entries(gradient(dys)).map(([name, make]) => [
          name,
          () => handOn(make(), inputs[name]!),
        ]),
      );
    };
  }
}
