package io.margay.kernel.nft;

/** nftables refused commands; nothing was changed. */
public final class NftException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The report repeats the line with the fault, which may be megabytes long. */
  private static final int MAX_REPORT_CHARACTERS = 2000;

  NftException(String message) {
    super(message);
  }

  NftException(String message, Throwable cause) {
    super(message, cause);
  }

  static NftException refused(String report) {
    String text = report.strip();
    return new NftException(
        text.isEmpty()
            ? "nftables gives no reason"
            : text.length() <= MAX_REPORT_CHARACTERS
                ? text
                : text.substring(0, MAX_REPORT_CHARACTERS) + " ...");
  }
}
