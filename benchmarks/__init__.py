"""One file a claim: `python -m benchmarks.NAME [--quick] [--json FILE]` measures it here; nothing fails on time."""
