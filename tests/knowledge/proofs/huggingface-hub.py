# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "huggingface-hub",
#   "tokenizers",
# ]
# ///
import huggingface_hub
import tokenizers

api = huggingface_hub.HfApi(endpoint="http://127.0.0.1:9")
try:
    api.model_info("a/b", timeout=1)
    raise SystemExit("no error")
except Exception as error:
    assert "127.0.0.1" in str(error) or "onnect" in str(error), error
assert huggingface_hub.hf_hub_url("a/b", "f").endswith("/a/b/resolve/main/f")
assert huggingface_hub.InferenceClient(token="x") is not None
card = huggingface_hub.ModelCard("---\nlicense: mit\n---\nx")
assert card.data.license == "mit"
try:
    huggingface_hub.snapshot_download("a/b", local_files_only=True)
    raise SystemExit("no error")
except huggingface_hub.errors.LocalEntryNotFoundError:
    pass
from tokenizers import Tokenizer, models, pre_tokenizers
tokenizer = Tokenizer(models.WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
assert tokenizer.encode("a b").ids == [0, 1]
