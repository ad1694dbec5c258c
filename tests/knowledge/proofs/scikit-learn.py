# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "scikit-learn",
#   "pandas",
# ]
# ///
import io
import pickle
import sklearn
import joblib
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import numpy as np
rng = np.random.default_rng(0)
x = rng.normal(size=(60, 4))
y = (x[:, 0] > 0).astype(int)
model = make_pipeline(StandardScaler(), RandomForestClassifier(5, random_state=0)).fit(x, y)
buffer = io.BytesIO()
joblib.dump(model, buffer)
buffer.seek(0)
assert (joblib.load(buffer).predict(x) == y).mean() > 0.9
import importlib
for module, name in (("sklearn.linear_model", "LogisticRegression"), ("sklearn.svm", "SVC"), ("sklearn.neighbors", "KNeighborsClassifier"), ("sklearn.naive_bayes", "GaussianNB"),
                     ("sklearn.ensemble", "HistGradientBoostingClassifier"), ("sklearn.neural_network", "MLPClassifier"), ("sklearn.tree", "DecisionTreeClassifier")):
    estimator = getattr(importlib.import_module(module), name)().fit(x, y)
    assert pickle.loads(pickle.dumps(estimator)).predict(x).shape == (60,), name
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import classification_report, roc_auc_score
from sklearn.model_selection import GridSearchCV, cross_val_score
assert KMeans(2, n_init=1).fit(x).labels_.shape == (60,)
assert PCA(2).fit_transform(x).shape == (60, 2)
assert TfidfVectorizer(stop_words="english").fit_transform(["the cat", "a dog"]).shape[0] == 2
assert "precision" in classification_report(y, y) and roc_auc_score(y, x[:, 0]) == 1.0
assert cross_val_score(model, x, y, cv=2).shape == (2,)
from sklearn.datasets import load_iris
iris = load_iris()
assert iris.data.shape == (150, 4) and "Iris" in iris.DESCR
html = model._repr_html_()
assert "sk-container" in html
table = StandardScaler().set_output(transform="pandas").fit_transform([[1.0], [3.0]])
assert type(table).__module__.startswith("pandas") and table["x0"].tolist() == [-1.0, 1.0]
