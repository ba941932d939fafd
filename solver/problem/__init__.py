"""What is asked: the problem and its parts, and what is wrong with one."""
