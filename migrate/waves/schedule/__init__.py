"""When is each task done? Tasks of every application, their dates, float and critical path, and how sure the dates are."""
