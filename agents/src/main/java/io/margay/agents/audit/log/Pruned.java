package io.margay.agents.audit.log;

import io.margay.agents.audit.Receipt;

/**
 * Old records that were removed.
 *
 * @param first sequence of the first one that was still there
 * @param end sequence of the first one that is kept
 * @param receipt of the record that tells of it
 */
public record Pruned(long first, long end, Receipt receipt) {}
