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
    const state = tf.engine().state as unknown as EngineState;
    // An outer tape goes this way again.
    if (state.gradientDepth === 1) disposeBehind(state);
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
  /** Of the next tensor that is made. */
  readonly nextTensorId: number;
}

/** Unless somebody has asked that it outlives a `tidy`. */
function disposeUnkept(tensors: readonly tf.Tensor[]): void {
  for (const tensor of tensors) {
    if (!(tensor as unknown as { kept: boolean }).kept) tensor.dispose();
  }
}

function disposeBehind(state: EngineState): void {
  /** Of the operation before; nobody needs it when the turn of the next comes. */
  let savedBehind: tf.Tensor[] = [];
  let behind: tf.Tensor[] = [];
  /** Tensors that have a gradient already, so that another is added to it. */
  const met = new Set<number>();
  for (const node of state.activeTape) {
    const { inputs, saved = [], gradient } = node;
    if (!gradient) continue;
    node.gradient = (dys) => {
      tf.dispose(savedBehind);
      disposeUnkept(behind);
      savedBehind = saved;
      behind = dys.filter((dy) => dy !== null);
      // What is handed on is disposed in its turn, so it must be new, and another for each input.
      const first = state.nextTensorId;
      const taken = new Set<tf.Tensor>();
      const handOn = (tensor: tf.Tensor, { id }: tf.Tensor): tf.Tensor => {
        const isNew = tensor.id >= first && !taken.has(tensor);
        const own = isNew ? tensor : tf.clone(tensor);
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
