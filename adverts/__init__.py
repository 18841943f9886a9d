"""The shared language: records, ids, settings, store, runs, audit, errors, logs. Imports no other package of ours."""
