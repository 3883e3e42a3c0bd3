"""Which column of a file is which of Haark's: words from data (synonyms.toml), judged by what values look like."""
