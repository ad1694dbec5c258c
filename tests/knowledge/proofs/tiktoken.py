# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "tiktoken",
# ]
# ///
import tiktoken

assert {"cl100k_base", "o200k_base", "gpt2"} <= set(tiktoken.list_encoding_names())
encoding = tiktoken.Encoding("t", pat_str=r"\w+|\s", mergeable_ranks={bytes([i]): i for i in range(256)} | {b"ab": 256}, special_tokens={"<e>": 257})
assert encoding.encode("ab c") == [256, 32, 99]
assert encoding.decode([256]) == "ab"
assert encoding.encode("<e>", allowed_special="all") == [257]
assert tiktoken.encoding_name_for_model("gpt-4o") == "o200k_base"
