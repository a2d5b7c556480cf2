"""How the answers of studies are shown, one module for each kind."""
