package io.margay.bench.calc;

/**
 * What Felix needed, measured on 20 November 2026 on a machine of the kind that docs/performance.md
 * names.
 *
 * @param heapMB 0 where it was not measured
 */
record Felix(double seconds, double heapMB, double peakMB) {}
