# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "emoji",
# ]
# ///
import emoji

assert emoji.emojize(":thumbs_up:") == "\N{THUMBS UP SIGN}"
assert emoji.demojize("\N{THUMBS UP SIGN}", language="de") == ":daumen_hoch:"
assert emoji.emoji_count("a\N{THUMBS UP SIGN}b") == 1
