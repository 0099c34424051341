package io.margay.app.lab.traffic;

/** How a call ended, as its socket saw it. */
public sealed interface Reach {
  /** Somebody answered, and said which pod it is. */
  record Answered(String pod) implements Reach {}

  /** The far side refused: the packets got there and back, but nobody listens. */
  record Refused() implements Reach {}

  /** Nothing came back. */
  record Silent() implements Reach {}

  /** The machine could not even try. */
  record Failed(String why) implements Reach {}

  /** Whether the packets got through to the far side and back. */
  default boolean through() {
    return this instanceof Answered || this instanceof Refused;
  }
}
