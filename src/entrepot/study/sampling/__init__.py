"""Monte Carlo draws, grids and Sobol designs: many cases, solved, checkpointed, summarised."""
