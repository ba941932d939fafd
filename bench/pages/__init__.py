"""What people at pages wait for, and what they have to press: measured in a real browser."""
