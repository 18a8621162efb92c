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
from torch.nn.utils.parametrizations import spectral_norm

from dcgan import Discriminator, Generator, initialize
from serve import serve

NHWC = torch.channels_last


def adam(module, learning_rate=2e-4, betas=(0.5, 0.999)):
    return torch.optim.Adam(module.parameters(), lr=learning_rate, betas=betas, eps=1e-8, foreach=True)


def descend(optimizer, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


class NonSaturating:
    discriminator = staticmethod(lambda real, fake: F.softplus(-real).mean() + F.softplus(fake).mean())
    generator = staticmethod(lambda fake: F.softplus(-fake).mean())


class Wasserstein:
    discriminator = staticmethod(lambda real, fake: fake.mean() - real.mean())
    generator = staticmethod(lambda fake: -fake.mean())


class Hinge:
    discriminator = staticmethod(lambda real, fake: F.relu(1 - real).mean() + F.relu(1 + fake).mean())
    generator = staticmethod(lambda fake: -fake.mean())


def gan_step(G, D, optimizer_g, optimizer_d, latents, losses=NonSaturating, penalty=None):
    """D's update, then G's."""

    def step(real):
        count = real.shape[0]
        with torch.no_grad():
            fake = G(latents(count))
        loss = losses.discriminator(D(real), D(fake))
        if penalty is not None:
            loss = loss + penalty(D, real, fake)
        descend(optimizer_d, loss)
        D.requires_grad_(False)
        descend(optimizer_g, losses.generator(D(G(latents(count)))))
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


class UpBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm_in, self.norm_out = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.conv_in = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.conv_out = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.shortcut = nn.Conv2d(width, width, 1, bias=False)

    def forward(self, x):
        double = lambda t: F.interpolate(t, scale_factor=2, mode="nearest")
        branch = self.conv_in(double(F.relu(self.norm_in(x), inplace=True)))
        branch = self.conv_out(F.relu(self.norm_out(branch), inplace=True))
        # A 1×1 convolution gives the same before the doubling, for a quarter of the work.
        return branch + double(self.shortcut(x))


class JudgingBlock(nn.Module):
    def __init__(self, channels, width, halves, active):
        super().__init__()
        self.halves, self.active = halves, active
        self.conv_in = nn.Conv2d(channels, width, 3, padding=1)
        self.conv_out = nn.Conv2d(width, width, 3, padding=1)
        if halves:
            self.shortcut = nn.Conv2d(channels, width, 1, bias=False)

    def forward(self, x):
        # Not inplace: the shortcut wants x as it is.
        branch = self.conv_in(F.relu(x) if self.active else x)
        branch = self.conv_out(F.relu(branch, inplace=True))
        if not self.halves:
            return x + branch
        return F.avg_pool2d(branch, 2) + self.shortcut(F.avg_pool2d(x, 2))


def resnet_32():
    """SNGAN's residual networks for 32×32×3 (Miyato et al. 2018): 256 and 128 channels; batch 32."""
    wide, narrow = 256, 128

    class G(nn.Module):
        def __init__(self):
            super().__init__()
            self.dense = nn.Linear(128, 4 * 4 * wide)
            self.ups = nn.Sequential(
                *(UpBlock(wide) for _ in range(3)),
                nn.BatchNorm2d(wide), nn.ReLU(True), nn.Conv2d(wide, 3, 3, padding=1), nn.Tanh(),
            )

        def forward(self, z):
            # Features are in the order of the layout, so that nothing is copied.
            return self.ups(self.dense(z).view(-1, 4, 4, wide).permute(0, 3, 1, 2))

    class D(nn.Module):
        def __init__(self):
            super().__init__()
            self.blocks = nn.Sequential(
                JudgingBlock(3, narrow, halves=True, active=False),
                JudgingBlock(narrow, narrow, halves=True, active=True),
                *(JudgingBlock(narrow, narrow, halves=False, active=True) for _ in range(2)),
                nn.ReLU(True),
            )
            self.dense = nn.Linear(narrow, 1)

        def forward(self, x):
            return self.dense(self.blocks(x).sum((2, 3)))

    g, d = G(), D()
    for network in (g, d):
        for name, module in network.named_modules():
            if isinstance(module, (nn.Linear, nn.Conv2d)):
                kind = "relu" if name.endswith(("conv_in", "conv_out")) else "linear"
                nn.init.kaiming_normal_(module.weight, nonlinearity=kind)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        network.to(memory_format=NHWC)
    # In training each forward pass takes one step of power iteration.
    for module in list(d.modules()):
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            spectral_norm(module)
    rule = lambda network: adam(network, betas=(0, 0.9))
    return gan_step(g, d, rule(g), rule(d), normal(128), Hinge), lambda: pictures(32, 3, 32)


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

    return gan_step(g, d, adam(g), adam(d), normal(100), Wasserstein, penalty), lambda: pictures(64, 1, 28)


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


WORKLOADS = {"dcgan-64": dcgan_64, "resnet-32": resnet_32, "wgan-gp-28": wgan_gp_28, "mlp": mlp, "srresnet": srresnet}


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
