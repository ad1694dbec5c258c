# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "xgboost-cpu",
#   "lightgbm",
#   "scikit-learn",
# ]
# ///
import lightgbm
import numpy as np
import xgboost

rng = np.random.default_rng(0)
x, y = rng.normal(size=(80, 3)), None
y = (x[:, 0] > 0).astype(int)
model = xgboost.XGBClassifier(n_estimators=5).fit(x, y)
assert (model.predict(x) == y).mean() > 0.9
booster = xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(x, y), 3)
import tempfile
path = tempfile.mkdtemp() + "/m.json"
booster.save_model(path)
again = xgboost.Booster()
again.load_model(path)
assert again.predict(xgboost.DMatrix(x)).shape == (80,)
other = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(x, y)
assert other.predict(x).shape == (80,)
assert lightgbm.Booster(model_str=other.booster_.model_to_string()).predict(x).shape == (80,)
