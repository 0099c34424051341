package io.margay.model.vector;

/** A file that is not a vector of a known schema. The message names the file and the place. */
public final class VectorFormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  VectorFormatException(String message) {
    super(message);
  }

  VectorFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
