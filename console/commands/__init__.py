"""One module a command, named after it. `console.cli` holds the table of them and loads only the one that is called."""
