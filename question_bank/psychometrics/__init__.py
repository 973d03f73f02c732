"""Statistics of tests and raters. Pure functions over plain numbers; every formula names its source."""
