"""`python -m entrepot` is the command `entrepot`."""

from entrepot.app.cli.root import main

main()
