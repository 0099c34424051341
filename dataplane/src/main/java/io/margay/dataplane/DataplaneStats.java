package io.margay.dataplane;

/**
 * What a dataplane has done and what it has lost, counted since it was made unless said otherwise.
 *
 * @param transactions through libnftables
 * @param elementTransactions of a few elements, sent directly
 * @param replacements of the whole table, in one transaction each
 * @param refusals transactions that the kernel refused, each retried
 * @param pending what is not programmed yet: chains, sets and elements
 */
public record DataplaneStats(
    long transactions, long elementTransactions, long replacements, long refusals, int pending) {}
