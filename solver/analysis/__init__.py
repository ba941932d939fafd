"""Questions beside the plan: who else, why not, what would help, what to repair, how to split."""
