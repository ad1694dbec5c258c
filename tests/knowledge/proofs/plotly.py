# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "plotly",
#   "pandas",
# ]
# ///
import plotly
import plotly.express as px
import plotly.graph_objects as go
import plotly.io
import plotly.subplots

figure = go.Figure(go.Bar(x=["a"], y=[1]))
figure.update_layout(title="t", template="plotly_dark")
assert '"type":"bar"' in figure.to_json()
assert "plotly" in figure.to_html(include_plotlyjs=True)[:5000000].lower()
import pandas as pd
frame = pd.DataFrame({"x": [1, 2, 3], "y": [1, 4, 9], "c": ["a", "b", "a"]})
for draw in (px.scatter, px.line, px.histogram, px.box, px.pie):
    assert draw(frame, **({"names": "c"} if draw is px.pie else {"x": "x"})).data
assert go.Sankey().type == "sankey" and plotly.subplots.make_subplots(1, 2).layout.xaxis2 is not None
assert px.data.iris().shape[0] == 150
assert "ggplot2" in plotly.io.templates
