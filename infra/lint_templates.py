"""Lints every template with cfn-lint and the rules of infra/cfn_rules, without a network.

template.yaml is linted twice: as it is written, and as SAM expands it, since cfn-lint knows a
SAM resource's properties only loosely. Prints what is wrong and ends with 1 when anything is.
"""

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from infra.local.template import read, with_code

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "template.yaml"
OTHERS = tuple(sorted((ROOT / "infra").glob("*.yaml")))
RULES = ROOT / "infra" / "cfn_rules"

REGION = "ap-southeast-3"
EDGE_REGION = "us-east-1"
"""Where CloudFront's certificates and firewall rules must be."""

MANAGED = "arn:aws:iam::aws:policy/service-role/"


def main() -> int:
    """Lint everything; 0 when nothing is wrong."""
    failed = lint(TEMPLATE, REGION)
    with tempfile.TemporaryDirectory() as directory:
        expanded = Path(directory) / "template.expanded.json"
        expanded.write_text(json.dumps(expand(read(TEMPLATE)), indent=1))
        failed |= lint(expanded, REGION)
    for template in OTHERS:
        failed |= lint(template, EDGE_REGION if template.stem == "edge" else REGION)
    return int(failed)


def lint(template: Path, region: str) -> bool:
    """Lint one template for a region; True when something is wrong, which is printed."""
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--template", str(template)]
    command += ["--regions", region, "--append-rules", str(RULES)]
    return subprocess.run(command, check=False).returncode != 0


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
