"""Speed and quality, one module each; `python -m benchmarks` runs them all and names the machine."""
