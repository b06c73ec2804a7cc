"""Trains small scikit-learn models on seeded data, exports them with skl2onnx, and notes what scikit-learn predicts.

Made tests/reference/exported/sklearn/. Needs scikit-learn, skl2onnx and numpy:
    python3 tests/reference/export_sklearn.py tests/reference/exported/sklearn
Files are <model>.onnx; expected.json maps each to the probabilities (or, with "labels", the classes) of the two images of `images()`.
"""
import json
import os
import sys
import warnings

import numpy as np
from skl2onnx import to_onnx
from sklearn.decomposition import PCA
from sklearn.ensemble import BaggingClassifier, GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Perceptron
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Binarizer, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings('ignore')


def images():
    """Two images [2, 784] with values in [0, 1), the same in the TypeScript test."""
    return ((np.arange(2 * 784) * 37 % 101) / 101).astype(np.float32).reshape(2, 784)


def data(count=200):
    """Images [count, 784] of ten seeded patterns with noise, float32 in [0, 1], sparse enough to keep the files small."""
    random = np.random.default_rng(7)
    patterns = np.round(random.random((10, 784)) * 4) / 4
    labels = np.arange(count) % 10
    return np.clip(patterns[labels] + random.normal(0, 0.2, (count, 784)), 0, 1).astype(np.float32), labels


def models():
    """name -> (estimator, labels as text, options of the exporter)"""
    yield 'logistic', LogisticRegression(max_iter=50), False, None
    yield 'logistic-text', make_pipeline(StandardScaler(), LogisticRegression(max_iter=50)), True, None
    yield 'one-vs-rest', OneVsRestClassifier(LogisticRegression(max_iter=50)), False, {'zipmap': False}
    yield 'mlp', make_pipeline(PCA(6, random_state=0), MLPClassifier((8,), max_iter=60, random_state=0)), True, {'zipmap': False}
    yield 'tree', DecisionTreeClassifier(max_depth=6, random_state=0), False, None
    yield 'forest', RandomForestClassifier(5, max_depth=5, random_state=0), True, {'zipmap': False}
    yield 'svm', SVC(kernel='rbf', gamma=0.01, random_state=0), False, {'zipmap': False}
    yield 'linear-svm', LinearSVC(), False, None
    yield 'neighbours', make_pipeline(PCA(12, random_state=0), KNeighborsClassifier(3)), False, {'zipmap': False, 'optim': 'cdist'}
    yield 'bayes', make_pipeline(Binarizer(threshold=0.5), BernoulliNB()), False, None
    yield 'boosted', GradientBoostingClassifier(n_estimators=3, max_depth=2, random_state=0), False, None
    yield 'bagged', BaggingClassifier(n_estimators=3, max_features=60, random_state=0), False, None
    yield 'perceptron', Perceptron(random_state=0), False, None


def main(folder):
    os.makedirs(folder, exist_ok=True)
    x, labels = data()
    expected = {}
    for name, model, text, options in models():
        count = 20 if name == 'svm' else len(x)
        model.fit(x[:count], (labels.astype(str) if text else labels)[:count])
        last = model.steps[-1][1] if hasattr(model, 'steps') else model
        exported = to_onnx(model, x[:1], options={id(last): options} if options else None, target_opset=17)
        with open(os.path.join(folder, f'{name}.onnx'), 'wb') as file:
            file.write(exported.SerializeToString())
        if hasattr(model, 'predict_proba'):
            expected[name] = {'probabilities': model.predict_proba(images()).tolist()}
        else:
            expected[name] = {'labels': [int(label) for label in model.predict(images())]}
        print(name, len(exported.SerializeToString()), sorted({f'{n.domain}.{n.op_type}' for n in exported.graph.node}),
              [(o.name, o.type.WhichOneof('value')) for o in exported.graph.output])
    with open(os.path.join(folder, 'expected.json'), 'w') as file:
        json.dump(expected, file, indent=1)


main(sys.argv[1])
