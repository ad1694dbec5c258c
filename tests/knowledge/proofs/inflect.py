# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "inflect",
# ]
#
# [tool.proof]
# pins = [
#   "inflect: reads_source inflect",
# ]
# ///
import inflect

engine = inflect.engine()
assert engine.plural("box") == "boxes"
assert engine.number_to_words(42) == "forty-two"
assert engine.ordinal(3) == "3rd"
