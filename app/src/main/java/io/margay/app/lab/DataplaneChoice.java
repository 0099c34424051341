package io.margay.app.lab;

/** Which dataplane the user wants the demo to run on. */
public enum DataplaneChoice {
  /** The kernel where that is permitted, in a user namespace if need be; else memory. */
  AUTO,
  NFTABLES,
  SIMULATED
}
