"""E9021: browsers are told to be careful."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack, text

LEAST_SECONDS = 31_536_000
WANTED = ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'")


class BrowserHeaders(rule.Rule):
    """A booking's address holds its code, and its page a NIK."""

    id = "E9021"
    shortdesc = "Security headers: TLS for a year, no referrer, no frames, no scripts of others"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, policy in stack.of("AWS::CloudFront::ResponseHeadersPolicy"):
            for problem in _problems(policy["ResponseHeadersPolicyConfig"]):
                yield name, problem


def _problems(config: Properties) -> Iterator[str]:
    headers = config.get("SecurityHeadersConfig", {})
    tls = headers.get("StrictTransportSecurity", {})
    if tls.get("AccessControlMaxAgeSec", 0) < LEAST_SECONDS:
        yield "StrictTransportSecurity for less than a year"
    if headers.get("ReferrerPolicy", {}).get("ReferrerPolicy") != "no-referrer":
        yield "ReferrerPolicy is not no-referrer"
    if "ContentTypeOptions" not in headers:
        yield "ContentTypeOptions is missing"
    content = text(headers.get("ContentSecurityPolicy", {}).get("ContentSecurityPolicy"))
    for each in WANTED:
        if each not in content:
            yield f"ContentSecurityPolicy has no {each}"
    if "unsafe" in content:
        yield "ContentSecurityPolicy has something unsafe"
    for key, header in headers.items():
        if header.get("Override") is not True:
            yield f"{key} does not override what the origin says"
