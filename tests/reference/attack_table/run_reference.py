"""Attacks the models of the attack table with torchattacks, with AutoAttack's own code and with plain loops; writes theirs/MODEL.json.

python3 tests/reference/attack_table/run_reference.py loops MODEL...                        # needs torch, onnx, torchattacks
PYTHONPATH=AUTO_ATTACK python3 tests/reference/attack_table/run_reference.py adaptive MODEL...   # a clone of fra31/auto-attack
One thread. What a file already holds is not run again; every row is saved as it comes.
"""
import argparse
import base64
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from beside_pytorch import attacked, by_torchattacks, fashion_mnist, gradient, unit  # noqa: E402
from networks import MODELS, network  # noqa: E402

EPSILONS = [0.02, 8 / 255, 0.1]
L2_EPSILONS = [0.5, 1.0]
# Images per model, fewer for slow ones and under the adaptive attacks, whose cost grows with every image that holds out.
LOOP_IMAGES = {'reference-cnn': 200, 'reference-cnn-adversarial': 200, 'cnn-sum-augmentation': 200, 'cnn-augmented': 100}
ADAPTIVE_IMAGES = {
    'standard': 250, 'linear': 250, 'mlp': 250, 'augmented': 250, 'adversarial': 100, 'reference-cnn': 100, 'reference-cnn-adversarial': 100,
    'cnn-sum-augmentation': 250, 'cnn-augmented': 50}
# Models that meet APGD-DLR and 5,000 queries of Square too.
THOROUGH = ['standard']
# Too slow for the L2 attacks.
SLOW = ['cnn-augmented']
SEED = 0
# Attacks with one random start or sequence, whose luck --seeds averages out.
SEEDED = ['apgd-ce', 'square']


def loop_trials(epsilons, l2_epsilons):
    """The attacks without random start, under the names and parameters of a protocol."""
    for epsilon in epsilons:
        linf = {'kind': 'attack', 'norm': 'linf', 'epsilon': epsilon}
        yield {**linf, 'attack': 'fgsm'}
        yield {**linf, 'attack': 'bim', 'stepSize': epsilon / 4, 'steps': 10, 'count': 'last'}
        yield {**linf, 'attack': 'mim', 'stepSize': epsilon / 10, 'steps': 10, 'momentum': 1.0, 'randomStart': False, 'count': 'last'}
        yield {**linf, 'attack': 'pgd', 'stepSize': epsilon / 10, 'steps': 40, 'randomStart': False, 'count': 'last'}
    for epsilon in l2_epsilons:
        yield {'kind': 'attack', 'norm': 'l2', 'epsilon': epsilon, 'attack': 'pgd', 'stepSize': epsilon / 10, 'steps': 40,
               'randomStart': False, 'count': 'last'}


def adaptive_trials(epsilons, thorough):
    for epsilon in epsilons:
        linf = {'kind': 'attack', 'norm': 'linf', 'epsilon': epsilon}
        yield {**linf, 'attack': 'apgd-ce', 'steps': 100, 'restarts': 1}
        yield {**linf, 'attack': 'apgd-t', 'steps': 100, 'targets': 9}
        yield {**linf, 'attack': 'square', 'queries': 1000}
        if thorough:
            yield {**linf, 'attack': 'apgd-dlr', 'steps': 100, 'restarts': 1}
            yield {**linf, 'attack': 'square', 'queries': 5000}


def l2_loop(model, x, labels, trial):
    """PGD in the L2 ball (spec 2.1) from the image itself, cross-entropy in float64."""
    def length(v):
        return v.flatten(1).norm(dim=1).clamp(min=1e-10)[:, None, None, None]
    z = x
    for _ in range(trial['steps']):
        direction = gradient(model, z, labels)
        delta = z + trial['stepSize'] * direction / length(direction) - x
        z = (x + delta * (trial['epsilon'] / length(delta)).clamp(max=1)).clamp(0, 1)
    return z


def float64_loop(model, x, labels, trial):
    return (l2_loop if trial['norm'] == 'l2' else attacked)(model, x, labels, trial)


def torchattacks_form(model, x, labels, trial):
    if trial['norm'] == 'linf':
        return by_torchattacks(model, x, labels, trial)
    import torchattacks
    return torchattacks.PGDL2(model, eps=trial['epsilon'], alpha=trial['stepSize'], steps=trial['steps'], random_start=False)(x, labels)


def auto_attack(model, x, labels, trial, seed=SEED):
    """One attack of the AutoAttack repository with the parameters of its standard version, on all images of the batch."""
    from autoattack.autopgd_base import APGDAttack, APGDAttack_targeted
    from autoattack.square import SquareAttack
    common = {'norm': 'Linf', 'eps': trial['epsilon'], 'seed': seed, 'device': 'cpu', 'n_restarts': 1}
    name = trial['attack']
    if name in ('apgd-ce', 'apgd-dlr'):
        attack = APGDAttack(model, n_iter=trial['steps'], loss=name[5:], eot_iter=1, rho=0.75, **common)
    elif name == 'apgd-t':
        attack = APGDAttack_targeted(model, n_iter=trial['steps'], n_target_classes=trial['targets'], eot_iter=1, rho=0.75, **common)
    else:
        attack = SquareAttack(model, p_init=0.8, n_queries=trial['queries'], resc_schedule=False, **common)
    with torch.no_grad():
        return attack.perturb(x, labels)


def predicted(model, x):
    with torch.no_grad():
        return torch.cat([model(x[i:i + 250]).argmax(1) for i in range(0, len(x), 250)])


def run(name, group, epsilons, seeds, adaptive_images=None):
    folder = HERE / 'theirs'
    folder.mkdir(exist_ok=True)
    file = folder / f'{name}.json'
    record = json.loads(file.read_text()) if file.exists() else {'model': name, 'rows': []}
    record['versions'] = {'torch': torch.__version__, **record.get('versions', {})}
    done = {json.dumps([row['by'], row['trial']]) for row in record['rows']}
    images, truth = fashion_mnist('test')
    x, labels = torch.from_numpy(unit(images[:1000])), torch.from_numpy(truth[:1000].astype(np.int64))
    model = network(name)

    def measure(by, trial, batch, attack, count):
        if json.dumps([by, trial]) in done:
            return
        began = time.time()
        z = torch.cat([attack(model, x[i:min(i + batch, count)], labels[i:min(i + batch, count)], trial) for i in range(0, count, batch)])
        seconds = time.time() - began
        if trial['kind'] == 'attack':
            delta = (z - x[:count]).flatten(1)
            size = delta.abs().max() if trial['norm'] == 'linf' else delta.norm(dim=1).max()
            assert float(size) <= trial['epsilon'] + 1e-5 and 0 <= float(z.min()) and float(z.max()) <= 1
        right = (predicted(model, z) == labels[:count]).numpy()
        bits = base64.b64encode(np.packbits(right, bitorder='little').tobytes()).decode()
        record['rows'].append({'by': by, 'trial': trial, 'total': count, 'correct': int(right.sum()), 'correctBits': bits,
                               'seconds': round(seconds, 1)})
        lines = ',\n'.join('  ' + json.dumps(row) for row in record['rows'])
        head = json.dumps({key: value for key, value in record.items() if key != 'rows'})[1:-1]
        file.write_text('{' + head + ', "rows": [\n' + lines + '\n]}\n')
        print(f"{name} {by} {trial.get('attack', 'clean')} {trial.get('epsilon', 0):.4f} {right.mean():.4f} of {count}, {seconds:.0f} s", flush=True)

    loops, count = LOOP_IMAGES.get(name, 1000), adaptive_images or ADAPTIVE_IMAGES[name]
    if group == 'loops':
        import torchattacks
        record['versions']['torchattacks'] = torchattacks.__version__
        measure('float64 loop', {'kind': 'clean'}, 250, lambda model, x, labels, trial: x, loops)
        for trial in loop_trials(epsilons, [] if name in SLOW else L2_EPSILONS):
            measure('float64 loop', trial, 100, float64_loop, loops)
            measure('torchattacks', trial, 100, torchattacks_form, loops)
    else:
        for trial in adaptive_trials(epsilons, name in THOROUGH):
            measure('AutoAttack', trial, 250, auto_attack, count)
            # One sequence of squares serves a whole batch, and one start decides close images: luck that more images do not average out.
            for seed in range(1, seeds if trial['attack'] in SEEDED else 0):
                measure(f'AutoAttack, seed {seed}', trial, 250, lambda *given, seed=seed: auto_attack(*given, seed=seed), count)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('group', choices=['loops', 'adaptive'])
    parser.add_argument('models', nargs='+', choices=MODELS)
    parser.add_argument('--epsilon', type=int, nargs='*', help='places in the list of epsilons, from 0', default=range(len(EPSILONS)))
    parser.add_argument('--images', type=int, help='under the adaptive attacks, instead of the usual number')
    parser.add_argument('--seeds', type=int, default=1, help='how often Square is run')
    options = parser.parse_args()
    torch.set_num_threads(1)
    for each in options.models:
        run(each, options.group, [EPSILONS[i] for i in options.epsilon], options.seeds, options.images)
