//! The HTTP interface of Linli.
