"""Engines the tests run the store on.

`memory` is a small DynamoDB held in this process, `dynamodb_local` the real jar; `faults` breaks
one call of either at a time; `scheduler` interleaves many requests over the first.
`tests/race/test_engine_contract.py` holds `memory` to `dynamodb_local`.
"""
