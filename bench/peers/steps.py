"""Training steps in PyTorch, as a careful user of PyTorch on a CPU would write them.

    steps.py dcgan-64 --threads 2          a process that times steps (see serve.py)

Networks, losses, optimizers and the order of a step are those of the workloads of the same names in
ganloom's bench. No gradient is computed that nobody uses: fakes of D's step are made without a
graph, and D's weights ask for no gradients in G's step.
"""

import argparse
import os
import sys

# Before torch loads OpenBLAS: torch's own threads call it, and two pools would fight for the cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch
from torch import nn
from torch.nn import functional as F

from dcgan import Discriminator, Generator, initialize
from serve import serve

NHWC = torch.channels_last


def adam(module, learning_rate=2e-4, betas=(0.5, 0.999)):
    return torch.optim.Adam(module.parameters(), lr=learning_rate, betas=betas, eps=1e-8, foreach=True)


def descend(optimizer, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def gan_step(G, D, optimizer_g, optimizer_d, latents, penalty=None):
    """D's update, then G's; non-saturating, or with a penalty Wasserstein."""

    def step(real):
        count = real.shape[0]
        with torch.no_grad():
            fake = G(latents(count))
        if penalty is None:
            loss = F.softplus(-D(real)).mean() + F.softplus(D(fake)).mean()
        else:
            loss = D(fake).mean() - D(real).mean() + penalty(D, real, fake)
        descend(optimizer_d, loss)
        D.requires_grad_(False)
        logits = D(G(latents(count)))
        descend(optimizer_g, F.softplus(-logits).mean() if penalty is None else -logits.mean())
        D.requires_grad_(True)

    return step


def normal(*shape):
    return lambda count: torch.randn(count, *shape)


def pictures(count, channels, side, layout=NHWC):
    return (2 * torch.rand(count, channels, side, side) - 1).contiguous(memory_format=layout)


def dcgan_64():
    """Radford's networks for 64×64×3 with 64 base filters; batch 16."""
    widths = [64, 128, 256, 512]

    class G(nn.Module):
        def __init__(self):
            super().__init__()
            self.dense = nn.Linear(100, 4 * 4 * 512, bias=False)
            self.norm = nn.BatchNorm1d(4 * 4 * 512)
            layers = []
            for wide, narrow in ((512, 256), (256, 128), (128, 64)):
                layers += [nn.ConvTranspose2d(wide, narrow, 4, 2, 1, bias=False), nn.BatchNorm2d(narrow), nn.ReLU(True)]
            self.ups = nn.Sequential(*layers, nn.ConvTranspose2d(64, 3, 4, 2, 1), nn.Tanh())

        def forward(self, z):
            x = F.relu(self.norm(self.dense(z)), inplace=True)
            # Features are in the order of the layout, so that nothing is copied.
            return self.ups(x.view(-1, 4, 4, 512).permute(0, 3, 1, 2))

    class D(nn.Module):
        def __init__(self):
            super().__init__()
            layers = [nn.Conv2d(3, 64, 4, 2, 1), nn.LeakyReLU(0.2, True)]
            for narrow, wide in zip(widths, widths[1:]):
                layers += [nn.Conv2d(narrow, wide, 4, 2, 1, bias=False), nn.BatchNorm2d(wide), nn.LeakyReLU(0.2, True)]
            self.downs = nn.Sequential(*layers)
            self.dense = nn.Linear(4 * 4 * 512, 1)

        def forward(self, x):
            return self.dense(self.downs(x).permute(0, 2, 3, 1).flatten(1))

    g, d = G(), D()
    for network in (g, d):
        initialize(network)
        network.to(memory_format=NHWC)
    return gan_step(g, d, adam(g), adam(d), normal(100)), lambda: pictures(16, 3, 64)


def wgan_gp_28():
    """DCGAN-28's networks, no normalisation in the critic; batch 64, one critic update a step."""
    g, d = Generator(64, 1, NHWC), Discriminator(64, 1, NHWC)
    d.down2 = nn.Conv2d(64, 128, 4, 2, 1)
    d.norm2 = nn.Identity()
    for network in (g, d):
        initialize(network)
        network.to(memory_format=NHWC)

    def penalty(D, real, fake):
        share = torch.rand(real.shape[0], 1, 1, 1)
        between = torch.lerp(fake, real, share).requires_grad_(True)
        (gradient,) = torch.autograd.grad(D(between).sum(), between, create_graph=True)
        norms = (gradient.flatten(1).square().sum(1) + 1e-12).sqrt()
        return 10 * (norms - 1).square().mean()

    return gan_step(g, d, adam(g), adam(d), normal(100), penalty), lambda: pictures(64, 1, 28)


class Maxout(nn.Module):
    def __init__(self, inputs, units, pieces=5):
        super().__init__()
        self.units, self.pieces = units, pieces
        self.dense = nn.Linear(inputs, units * pieces)

    def forward(self, x):
        return self.dense(x).view(-1, self.pieces, self.units).amax(1)


def mlp():
    """PacGAN's networks for points: G 4×400 with batch norm, D 3×200 maxout of 5; batch 100."""
    layers, width = [], 2
    for _ in range(4):
        layers += [nn.Linear(width, 400, bias=False), nn.BatchNorm1d(400), nn.ReLU(True)]
        width = 400
    g = nn.Sequential(*layers, nn.Linear(400, 2))
    d = nn.Sequential(Maxout(2, 200), Maxout(200, 200), Maxout(200, 200), nn.Linear(200, 1))
    for network in (g, d):
        initialize(network)
    return gan_step(g, d, adam(g), adam(d), normal(2)), lambda: torch.randn(100, 2)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        conv = lambda: nn.Conv2d(64, 64, 3, padding=1, bias=False)
        self.body = nn.Sequential(conv(), nn.BatchNorm2d(64), nn.PReLU(64), conv(), nn.BatchNorm2d(64))

    def forward(self, x):
        return x + self.body(x)


class SrResNet(nn.Module):
    """24×24×3 to 96×96×3: 16 blocks of 64 channels (Ledig et al. 2017)."""

    def __init__(self):
        super().__init__()
        self.head = nn.Sequential(nn.Conv2d(3, 64, 9, padding=4), nn.PReLU(64))
        self.blocks = nn.Sequential(
            *(Block() for _ in range(16)), nn.Conv2d(64, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64)
        )
        up = lambda: [nn.Conv2d(64, 256, 3, padding=1), nn.PixelShuffle(2), nn.PReLU(64)]
        self.tail = nn.Sequential(*up(), *up(), nn.Conv2d(64, 3, 9, padding=4))

    def forward(self, x):
        x = self.head(x)
        return self.tail(x + self.blocks(x))


def srresnet():
    """Mean squared error towards the original; Adam; batch 4."""
    g = SrResNet().to(memory_format=NHWC)
    optimizer = adam(g, 1e-4, (0.9, 0.999))

    def step(batch):
        low, high = batch
        descend(optimizer, F.mse_loss(g(low), high))

    return step, lambda: (pictures(4, 3, 24), pictures(4, 3, 96))


WORKLOADS = {"dcgan-64": dcgan_64, "wgan-gp-28": wgan_gp_28, "mlp": mlp, "srresnet": srresnet}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workload", choices=WORKLOADS)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(args.threads)
    step, batch = WORKLOADS[args.workload]()
    batches = [batch() for _ in range(4)]
    at = 0

    def one():
        nonlocal at
        step(batches[at % len(batches)])
        at += 1

    serve(one, name=args.workload, threads=torch.get_num_threads(),
          versions={"pytorch": torch.__version__, "python": sys.version.split()[0]})


if __name__ == "__main__":
    main()
