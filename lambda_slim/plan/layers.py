"""Notes on the layers of a function."""

from collections.abc import Iterator

from lambda_slim.model.layer import LayerContents
from lambda_slim.model.report import Finding


def layer_findings(layers: LayerContents) -> Iterator[Finding]:
    """Layers whose content is not available: a public layer is named; of another layer nothing is known."""
    for layer in layers.unread:
        if layer.known:
            names = ", ".join(layer.provides[:4]) or "no Python module"
            told = f"the layer {layer.known} is taken to provide what it documents ({names}); its files were not run"
            yield Finding("layers", "info", told, file=layer.where)
        else:
            told = f"the layer `{layer.name}` is not here, so what it provides is not known"
            hint = "name it in `layers` of the settings as a folder, a zip or a requirement"
            yield Finding("layers", "warning", told, file=layer.where, hint=hint)
