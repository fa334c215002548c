"""Lints every template with cfn-lint and the rules of infra/lint/cfn_rules, without a network.

template.yaml is linted twice: as it is written, and as SAM expands it, since cfn-lint knows a
SAM resource's properties only loosely. Prints what is wrong and ends with 1 when anything is.
"""

import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

import boto3
from cfnlint.config import ConfigMixIn
from cfnlint.match import Match
from cfnlint.runner import Runner
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from infra.cloudformation import read, with_code

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "template.yaml"
OTHERS = tuple(sorted((ROOT / "infra").glob("*.yaml")))
RULES = Path(__file__).parent / "cfn_rules"

REGION = "ap-southeast-3"
EDGE_REGION = "us-east-1"
"""Where CloudFront's certificates and firewall rules must be."""

MANAGED = "arn:aws:iam::aws:policy/service-role/"


def main() -> int:
    """Lint everything; 0 when nothing is wrong."""
    found = lint(TEMPLATE, REGION)
    with tempfile.TemporaryDirectory() as directory:
        expanded = Path(directory) / "template.expanded.json"
        expanded.write_text(json.dumps(expand(read(TEMPLATE)), indent=1))
        found += lint(expanded, REGION)
    for template in OTHERS:
        found += lint(template, EDGE_REGION if template.stem == "edge" else REGION)
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


def lint(template: Path, region: str) -> list[str]:
    """Return what is wrong with a template for a region, a line each."""
    arguments = ["--template", str(template), "--regions", region, "--append-rules", str(RULES)]
    return [
        f"{template.name}:{each.linenumber}: {each.rule.id} {_path(each)}: {each.message}"
        for each in Runner(ConfigMixIn(arguments)).run()
    ]


def _path(match: Match) -> str:
    """Return where in the template a match is; a fault of the whole template is nowhere."""
    return "/".join(map(str, getattr(match, "path", ())))


def expand(template: dict[str, Any]) -> dict[str, Any]:
    """Return the plain CloudFormation template that SAM makes of `template`.

    Raises samtranslator's InvalidDocumentException for a template that SAM refuses.
    """
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    translator = Translator(
        {"AWSLambdaBasicExecutionRole": MANAGED + "AWSLambdaBasicExecutionRole"},
        Parser(),
        boto_session=boto3.Session(region_name=REGION),
    )
    expanded: dict[str, Any] = translator.translate(
        with_code(template, "s3://bucket/functions.zip"), parameter_values={}
    )
    return expanded


if __name__ == "__main__":
    sys.exit(main())
