//! Benchmarks: ignored tests whose names begin with `bench_`, so that they share the harness of the tests. `make bench` runs them.

mod scim;
