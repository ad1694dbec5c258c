"""Which Python can compile a source."""

import sys
import warnings

from lambda_slim.plan.starts.syntax import syntax_fault

HERE = sys.version_info[:2]


def test_a_warning_of_the_compiler_is_no_fault():
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert syntax_fault(b"pattern = '\\d'\n", HERE) is None


def test_syntax_of_a_later_python_is_a_fault_of_this_one():
    source = b"try:\n    import a\nexcept ValueError, KeyError:\n    pass\n"

    assert (syntax_fault(source, HERE) is None) == (HERE >= (3, 14))
    assert syntax_fault(source, (3, 99)) is None


def test_an_f_string_hides_no_fault_where_this_python_is_new_enough():
    assert syntax_fault(b"f'{x}'\nx = (\n", HERE) is not None
    assert syntax_fault(b"f'{x}'\nx = (\n", (HERE[0], HERE[1] + 1)) is None
