"""The frame of every page: address, state, access to results, jobs, errors."""
