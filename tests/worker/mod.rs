//! The table of jobs and the worker on it.

mod jobs;
