# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "statsmodels",
#   "seaborn",
# ]
# ///
import io
import matplotlib
matplotlib.use("Agg")
import numpy as np
import pandas as pd
import seaborn as sns
import statsmodels.api as sm
import statsmodels.formula.api as smf

frame = pd.DataFrame({"x": np.arange(20.0), "y": np.arange(20.0) * 2 + np.sin(np.arange(20)), "g": list("ab") * 10})
fit = smf.ols("y ~ x + C(g)", frame).fit()
assert abs(fit.params["x"] - 2) < 0.1 and "OLS" in str(fit.summary())
assert sm.tsa.ARIMA(frame["y"], order=(1, 0, 0)).fit().nobs == 20
assert sm.Logit((frame["x"] > 9).astype(int).sample(frac=1, random_state=1).values, sm.add_constant(frame[["x"]])).fit(disp=0).nobs == 20
assert sm.stats.multipletests([0.01, 0.5])[0].tolist() == [True, False]
sns.set_theme()
sns.boxplot(frame, x="g", y="y").figure.savefig(io.BytesIO())
sns.pairplot(frame).savefig(io.BytesIO())
assert len(sns.color_palette("viridis", 3)) == 3
