"""What a try-on says on paper: the fit and size report as PDF and as a page, sheets, comparisons, templates."""
