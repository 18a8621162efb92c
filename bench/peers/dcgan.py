"""DCGAN-28 in PyTorch, as a careful user of PyTorch on a CPU would write it.

Radford, Metz and Chintala 2015 (arXiv 1511.06434), with the non-saturating loss of Goodfellow et
al. 2014 (arXiv 1406.2661). Networks, initial distributions, loss, optimizers and the order of a
step are those of ganloom's DCGAN, so that times and sample quality compare.

    dcgan.py bench --threads 2                       a process that times steps (see serve.py)
    dcgan.py train --images FILE --out FILE.npy      trains on an IDX file and writes samples

No gradient is computed that nobody uses: the fake batch of D's step is made without a graph, and
D's weights ask for no gradients in G's step.
"""

import argparse
import copy
import gzip
import os
import sys
import time

# Before torch loads OpenBLAS: torch's own threads call it, and two pools would fight for the cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from serve import say, serve

LATENT = 100


class Generator(nn.Module):
    """z [N, 100] → pictures [N, C, 28, 28] in [−1, 1]."""

    def __init__(self, filters, channels, layout):
        super().__init__()
        self.filters = filters
        self.layout = layout
        self.dense = nn.Linear(LATENT, 7 * 7 * 2 * filters, bias=False)
        self.norm1 = nn.BatchNorm1d(7 * 7 * 2 * filters)
        self.up1 = nn.ConvTranspose2d(2 * filters, filters, 4, 2, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(filters)
        self.up2 = nn.ConvTranspose2d(filters, channels, 4, 2, 1)

    def forward(self, z):
        x = F.relu(self.norm1(self.dense(z)), inplace=True)
        # Features are in the order of the layout, so that neither layout copies here.
        if self.layout == torch.channels_last:
            x = x.view(-1, 7, 7, 2 * self.filters).permute(0, 3, 1, 2)
        else:
            x = x.view(-1, 2 * self.filters, 7, 7)
        x = F.relu(self.norm2(self.up1(x)), inplace=True)
        return torch.tanh(self.up2(x))


class Discriminator(nn.Module):
    """Pictures [N, C, 28, 28] → logits [N, 1]."""

    def __init__(self, filters, channels, layout):
        super().__init__()
        self.layout = layout
        self.down1 = nn.Conv2d(channels, filters, 4, 2, 1)
        self.down2 = nn.Conv2d(filters, 2 * filters, 4, 2, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(2 * filters)
        self.dense = nn.Linear(7 * 7 * 2 * filters, 1)

    def forward(self, x):
        x = F.leaky_relu(self.down1(x), 0.2, inplace=True)
        x = F.leaky_relu(self.norm2(self.down2(x)), 0.2, inplace=True)
        if self.layout == torch.channels_last:
            x = x.permute(0, 2, 3, 1)
        return self.dense(x.flatten(1))


def initialize(module):
    """N(0, 0.02) for weights, N(1, 0.02) for batch-norm scales, zero for biases (Radford et al.)."""
    for m in module.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.normal_(m.weight, 1, 0.02)
        elif isinstance(m, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(m.weight, 0, 0.02)
        if getattr(m, "bias", None) is not None:
            nn.init.zeros_(m.bias)


class Gan:
    """Both networks, their optimizers and one step of training."""

    def __init__(self, args):
        layout = torch.channels_last if args.layout == "nhwc" else torch.contiguous_format
        self.layout = layout
        self.generator = Generator(args.filters, args.channels, layout)
        self.discriminator = Discriminator(args.filters, args.channels, layout)
        initialize(self.generator)
        initialize(self.discriminator)
        self.generator.to(memory_format=layout)
        self.discriminator.to(memory_format=layout)
        adam = lambda m: torch.optim.Adam(
            m.parameters(), lr=args.learning_rate, betas=(0.5, 0.999), eps=1e-8, foreach=args.foreach
        )
        self.generator_optimizer = adam(self.generator)
        self.discriminator_optimizer = adam(self.discriminator)

    def latents(self, count):
        return torch.randn(count, LATENT)

    def step(self, real):
        """D's update, then G's; −log D(x) − log(1 − D(G(z))) and −log D(G(z)) on logits."""
        G, D = self.generator, self.discriminator
        count = real.shape[0]

        with torch.no_grad():
            fake = G(self.latents(count))
        loss_d = F.softplus(-D(real)).mean() + F.softplus(D(fake)).mean()
        self.discriminator_optimizer.zero_grad(set_to_none=True)
        loss_d.backward()
        self.discriminator_optimizer.step()

        D.requires_grad_(False)
        loss_g = F.softplus(-D(G(self.latents(count)))).mean()
        self.generator_optimizer.zero_grad(set_to_none=True)
        loss_g.backward()
        self.generator_optimizer.step()
        D.requires_grad_(True)
        return loss_d, loss_g


def read_idx_images(path):
    """uint8 [N, rows, columns] of an IDX file, gzipped or not."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        data = file.read()
    if len(data) < 16 or data[:4] != b"\x00\x00\x08\x03":
        sys.exit(f"dcgan.py: {path} is not an IDX file of uint8 images")
    n, rows, columns = np.frombuffer(data, ">u4", 3, 4)
    if len(data) != 16 + int(n) * int(rows) * int(columns):
        sys.exit(f"dcgan.py: {path} is truncated: {n}×{rows}×{columns} pixels announced, {len(data) - 16} there")
    return np.frombuffer(data, np.uint8, -1, 16).reshape(n, rows, columns)


def bench(args):
    gan = Gan(args)
    batches = [
        (2 * torch.rand(args.batch, args.channels, 28, 28) - 1).contiguous(memory_format=gan.layout)
        for _ in range(4)
    ]
    at = 0

    def step():
        nonlocal at
        gan.step(batches[at % len(batches)])
        at += 1

    serve(step, name="dcgan-28", layout=args.layout, threads=torch.get_num_threads(),
          versions={"pytorch": torch.__version__, "python": sys.version.split()[0]})


def train(args):
    pictures = torch.from_numpy(read_idx_images(args.images).copy()).unsqueeze(1)
    if args.batch > len(pictures):
        sys.exit(f"dcgan.py: --batch {args.batch} is more than the {len(pictures)} pictures of {args.images}")
    gan = Gan(args)
    average = copy.deepcopy(gan.generator) if args.ema else None
    start = time.perf_counter()
    order, at = torch.randperm(len(pictures)), 0
    for step in range(1, args.steps + 1):
        if at + args.batch > len(order):
            order, at = torch.randperm(len(pictures)), 0
        index = order[at:at + args.batch]
        at += args.batch
        real = (pictures[index].float() / 127.5 - 1).contiguous(memory_format=gan.layout)
        loss_d, loss_g = gan.step(real)
        if average is not None:
            with torch.no_grad():
                kept_share = min(args.ema, (1 + step) / (10 + step))  # soon forgets the untrained weights
                own = gan.generator.state_dict()
                for name, kept in average.state_dict().items():
                    if kept.is_floating_point():
                        kept.lerp_(own[name], 1 - kept_share)
        if step % args.log_every == 0 or step == args.steps:
            say({"step": step, "lossD": loss_d.item(), "lossG": loss_g.item(),
                 "seconds": time.perf_counter() - start})
    generator = (average or gan.generator).eval()
    made = []
    with torch.no_grad():
        for first in range(0, args.count, 500):
            x = generator(gan.latents(min(500, args.count - first)))
            made.append(((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).numpy())
    np.save(args.out, np.ascontiguousarray(np.concatenate(made)))
    say({"done": args.out, "count": args.count})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    modes = parser.add_subparsers(dest="mode", required=True)
    for name, run in (("bench", bench), ("train", train)):
        mode = modes.add_parser(name)
        mode.set_defaults(run=run)
        mode.add_argument("--batch", type=int, default=64)
        mode.add_argument("--filters", type=int, default=64)
        mode.add_argument("--channels", type=int, default=1)
        mode.add_argument("--threads", type=int, default=2)
        mode.add_argument("--seed", type=int, default=0)
        mode.add_argument("--layout", choices=("nchw", "nhwc"), default="nhwc",
                          help="memory layout; nhwc is the faster one or equal")
        mode.add_argument("--foreach", action=argparse.BooleanOptionalAction, default=True,
                          help="Adam over all tensors at once")
        mode.add_argument("--learning-rate", type=float, default=2e-4)
    mode.add_argument("--images", required=True, help="IDX file of 28×28 pictures")
    mode.add_argument("--out", required=True, help=".npy file for uint8 [count, 28, 28, channels]")
    mode.add_argument("--steps", type=int, default=600)
    mode.add_argument("--count", type=int, default=10000)
    mode.add_argument("--ema", type=float, default=0, help="decay of the generator's average; 0: none")
    mode.add_argument("--log-every", type=int, default=100)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    args.run(args)


if __name__ == "__main__":
    main()
