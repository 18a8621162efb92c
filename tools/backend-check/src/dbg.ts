import { useBackend } from '@ganloom/backends';
import * as tf from '@tensorflow/tfjs';
(window as any).dbg = async () => {
  await useBackend('webgpu');
  const out: string[] = [];
  for (const [stride, pad] of [
    [1, 'same'],
    [2, 'same'],
    [3, 'same'],
    [[2, 1], 'same'],
    [1, 'valid'],
    [1, 1],
    [2, 2],
    [
      1,
      [
        [0, 0],
        [1, 2],
        [3, 2],
        [0, 0],
      ],
    ],
  ] as any) {
    for (const which of ['fwd', 'dx', 'dw']) {
      const x = tf.ones([2, 3, 2, 19]) as tf.Tensor4D,
        f = tf.ones([5, 3, 19, 12]) as tf.Tensor4D;
      try {
        const conv = (a: any, b: any) => tf.conv2d(a, b, stride, pad);
        const r =
          which === 'fwd'
            ? conv(x, f)
            : which === 'dx'
              ? tf.grad((a) => conv(a, f))(x)
              : tf.grad((b) => conv(x, b))(f);
        await r.data();
        out.push(JSON.stringify([stride, pad, which, r.shape]));
      } catch (e) {
        out.push(
          JSON.stringify([stride, pad, which]) +
            String(e).slice(0, 120) +
            (e as Error)
              .stack!.split('\n')
              .slice(1, 14)
              .map((l) => l.trim().split(' ')[1])
              .join('<'),
        );
      }
    }
  }
  return out;
};
