/**
 * The history on disk: a journal that makes updates durable, a DuckDB database that keeps them for
 * weeks, and a reader over both memory and disk. The tables are described in docs/flow-schema.md.
 */
@NullMarked
package io.margay.flows.archive;

import org.jspecify.annotations.NullMarked;
