"""The command line, the wiring of the stages and the web console: the only package that knows every stage."""
