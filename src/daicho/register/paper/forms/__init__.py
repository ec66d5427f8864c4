"""Which fields each form has, in which order and how wide. Layout and read-back both go by them."""
