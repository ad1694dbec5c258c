# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "litellm",
# ]
# ///
import litellm

assert litellm.completion(model="gpt-4o", messages=[{"role": "user", "content": "x"}], mock_response="hello").choices[0].message.content == "hello"
assert litellm.get_max_tokens("gpt-4o") > 1000
assert litellm.token_counter(model="none", text="a b") > 0
