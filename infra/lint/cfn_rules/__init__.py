"""Rules of this project for cfn-lint; `python -m infra.lint.templates` applies them."""
