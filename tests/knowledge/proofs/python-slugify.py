# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "python-slugify",
# ]
# ///
import slugify

assert slugify.slugify("Größe ñ") == "grosse-n"
assert slugify.slugify("影師嗎") == "ying-shi-ma"
assert slugify.slugify("a b c", separator="_", max_length=3, word_boundary=True) == "a_b"
assert slugify.slugify("10 | 20 %", replacements=[["|", "or"], ["%", "percent"]]) == "10-or-20-percent"
