"""Stages and instructions of Dockerfiles."""

import pytest

from lambda_slim.formats.dockerfile import environment, parse_dockerfile

TEXT = """# a comment
ARG VERSION=3.12
FROM --platform=linux/arm64 python:${VERSION} AS build
ENV A=1 B="two words"
RUN pip install \\
    # why
    requests \\

    six
COPY --from=x ["a b", "c"]
RUN <<EOF
one

two
EOF
FROM public/$NAME:${TAG:-latest}
COPY . ${A:+set}${EMPTY:+none}
CMD ["app.handler"]
ENTRYPOINT sh -c $A
"""


def test_stages_and_their_instructions():
    first, second = parse_dockerfile(TEXT, {"NAME": "lambda"})

    assert (first.image, first.name, first.platform) == ("python:3.12", "build", "linux/arm64")
    assert [(step.name, step.line) for step in first.instructions] == [
        *(("ENV", 4), ("RUN", 5), ("COPY", 10), ("RUN", 11)),
    ]
    assert first.instructions[1].text == "pip install requests six"
    assert first.instructions[2].words == ("--from=x", '["a', 'b",', '"c"]')
    assert first.instructions[3].text == "one && two"
    assert (second.image, second.name, second.platform) == ("public/lambda:latest", "", "")
    assert [step.text for step in second.instructions] == [". set", '["app.handler"]', "sh -c 1"]
    assert second.instructions[1].words == ("app.handler",)


def test_what_the_build_gives_goes_before_the_default():
    assert parse_dockerfile(TEXT, {"VERSION": "3.13"})[0].image == "python:3.13"
    assert parse_dockerfile(TEXT)[1].image == "public/$NAME:latest"


def test_words_that_are_no_json_are_split():
    (stage,) = parse_dockerfile("FROM scratch\nCMD [app.handler]\nCMD [1, 2]")

    assert [step.words for step in stage.instructions] == [("[app.handler]",), ("1", "2")]


@pytest.mark.parametrize("text", ["", "# FROM x\n", "RUN x\n"])
def test_without_a_stage_it_is_none(text):
    with pytest.raises(ValueError, match="no FROM"):
        parse_dockerfile(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A=b", {"A": "b"}),
        ("A=b C='d e' F=\"g h\"", {"A": "b", "C": "d e", "F": "g h"}),
        ("A b c", {"A": "b c"}),
        ("A b=c", {"A": "b=c"}),
        ("", {}),
    ],
)
def test_what_env_sets(text, values):
    assert environment(text) == values
