"""Where a change in real income comes from: its terms, by partner and by sector."""
