"""The routes of the APIs: a file for each thing they are about."""
