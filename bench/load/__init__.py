"""How fast pages, forms, messages and the rest are on a full database: `make bench-load`."""
