"""The turnstile: commands that arrive together travel together, one commit, each with its answer."""
