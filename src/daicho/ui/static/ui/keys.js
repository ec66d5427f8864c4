// Keyboard layer: see the contract in docs/keyboard.md.
