"""Hours of mixed load with faults: `make soak`."""
