package io.margay.kernel.nft;

/** A step of a rule as the kernel runs it. A rule ends with the first comparison that fails. */
public sealed interface Instruction {

  /** Takes the number of the transport protocol, one byte, for the next comparison. */
  record LoadProtocol() implements Instruction {}

  /**
   * Takes two bytes of the transport header for the comparisons that follow.
   *
   * @param offset in bytes from the header's begin
   */
  record LoadTransport(int offset) implements Instruction {}

  /**
   * Compares what was taken last.
   *
   * @param width how many bytes were taken
   */
  record Compare(Comparison comparison, int value, int width) implements Instruction {}

  /** Sets the packet's mark. */
  record SetMark(int mark) implements Instruction {}

  /** Returns from the chain. */
  record Return() implements Instruction {}

  /** The packet's value on the left; numbers are unsigned. */
  enum Comparison {
    EQUAL(0),
    AT_MOST(3),
    AT_LEAST(5);

    final int number;

    Comparison(int number) {
      this.number = number;
    }
  }
}
