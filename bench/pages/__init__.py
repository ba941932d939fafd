"""What people at pages wait for, measured in a real browser."""
