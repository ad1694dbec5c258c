"""What a proof brings back."""

from collections import Counter

from lambda_slim.tasks.proof.prove import widened
from tests.unit.factory import file


def test_a_distribution_with_faults_in_many_rounds_comes_back_whole():
    soft = [*(file(f"lib/m{n}.py", "lib") for n in range(9)), file("other.py", "other")]
    rounds = Counter()

    found = [widened([f"lib/m{n}.py"], soft, rounds) for n in range(3)]
    assert found == [("lib/m0.py",), ("lib/m1.py",), ("lib/m2.py",)]
    assert widened(["other.py"], soft, rounds) == ("other.py",)
    assert widened(["lib/m3.py"], soft, rounds) == tuple(f"lib/m{n}.py" for n in range(9))
