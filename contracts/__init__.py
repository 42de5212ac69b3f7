"""The contract: read from a help page, emitted as schemas, judged on any endpoint."""
