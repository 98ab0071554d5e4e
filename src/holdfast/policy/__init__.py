"""Pure rules: no clock, no chance, no I/O; whatever they need is an argument."""
