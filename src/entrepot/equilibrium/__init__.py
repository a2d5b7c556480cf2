"""The answer: equations (economics only), a solver (arithmetic only), and the door between them."""

import jax

from entrepot.equilibrium import compilation_cache

# Hats are ratios near one; single precision would lose their last digits.
jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
compilation_cache.switch_on()
