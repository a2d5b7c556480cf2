"""What a government changes, dated and sourced."""
