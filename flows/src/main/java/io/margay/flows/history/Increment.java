package io.margay.flows.history;

/** What one event adds to a flow. */
record Increment(
    long packetsIn, long packetsOut, long bytesIn, long bytesOut, long started, long completed) {}
