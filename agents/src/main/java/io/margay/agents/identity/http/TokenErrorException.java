package io.margay.agents.identity.http;

/** A token request that is refused: RFC 6749's error, and the status that goes with it. */
final class TokenErrorException extends Exception {
  private final int status;
  private final String error;

  TokenErrorException(int status, String error, String reason) {
    super(reason, null, false, false);
    this.status = status;
    this.error = error;
  }

  static TokenErrorException invalidRequest(String reason) {
    return new TokenErrorException(400, "invalid_request", reason);
  }

  int status() {
    return status;
  }

  String error() {
    return error;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
