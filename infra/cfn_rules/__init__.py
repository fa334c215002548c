"""Rules of this project for cfn-lint; `python -m infra.lint_templates` applies them."""
