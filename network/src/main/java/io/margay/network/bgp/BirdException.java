package io.margay.network.bgp;

/** BIRD refuses something; the message has its own words. */
public final class BirdException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BirdException(String message) {
    super(message);
  }

  BirdException(String message, Throwable cause) {
    super(message, cause);
  }
}
