# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "rapidfuzz",
#   "textdistance",
#   "nltk",
# ]
# ///
import nltk
import rapidfuzz
import textdistance
from nltk.stem import PorterStemmer, SnowballStemmer
from nltk.tokenize import RegexpTokenizer, wordpunct_tokenize

assert rapidfuzz.fuzz.ratio("abc", "abd") > 60 and rapidfuzz.process.extractOne("ab", ["abc", "xyz"])[0] == "abc"
assert rapidfuzz.distance.Levenshtein.distance("a", "b") == 1
assert textdistance.jaro_winkler("abc", "abd") > 0.5 and textdistance.levenshtein.distance("ab", "ac") == 1
assert PorterStemmer().stem("running") == "run" and SnowballStemmer("german").stem("Häuser") == "haus"
assert wordpunct_tokenize("a, b") == ["a", ",", "b"]
assert nltk.edit_distance("ab", "ac") == 1 and nltk.FreqDist("aab").most_common(1) == [("a", 2)]
