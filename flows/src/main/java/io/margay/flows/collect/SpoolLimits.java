package io.margay.flows.collect;

/**
 * How much a node keeps for a process that does not take it.
 *
 * @param updatesInMemory that are not acknowledged; more go to the disk
 * @param bytesOnDisk more are dropped and counted
 * @param bytesInFile when a file has so many, the next one is begun
 */
public record SpoolLimits(int updatesInMemory, long bytesOnDisk, long bytesInFile) {
  /** A busy node's ten thousand flows a second for about ten minutes. */
  public static final SpoolLimits DEFAULT = new SpoolLimits(50_000, 2L << 30, 16 << 20);
}
