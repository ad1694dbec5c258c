# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "ua-parser[regex]",
# ]
# ///
from ua_parser import parse, user_agent_parser

text = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
found = parse(text)
assert found.os.family == "iOS" and found.device.family == "iPhone"
assert user_agent_parser.Parse(text)["user_agent"]["family"] == "Mobile Safari"
