"""Speaking HTTP: policies, headers, forms, errors, formats."""
