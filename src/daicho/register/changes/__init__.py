"""The legal changes of the register: one module per reason, each with a pure `plan`."""
