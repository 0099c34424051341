package io.margay.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The kernel refused a call. The message names the call, its argument and the errno, such as {@code
 * unshare(CLONE_NEWNET): EPERM (Operation not permitted)}.
 */
public final class KernelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String call;
  private final String argument;
  private final int number;

  public KernelException(String call, String argument, int number) {
    this(call, argument, number, null);
  }

  /**
   * @param detail the kernel's own words, where it gives any (netlink's extended acknowledgement)
   */
  public KernelException(String call, String argument, int number, @Nullable String detail) {
    super(describe(call, argument, number, detail));
    this.call = call;
    this.argument = argument;
    this.number = number;
  }

  /** The name of the call, such as {@code setns} or {@code RTM_NEWROUTE}. */
  public String call() {
    return call;
  }

  /** What it was called with, in readable form. */
  public String argument() {
    return argument;
  }

  public Errno errno() {
    return Errno.of(number);
  }

  /** The raw error number. */
  public int number() {
    return number;
  }

  /** Whether the errno is this one. */
  public boolean is(Errno errno) {
    return number == errno.number();
  }

  private static String describe(
      String call, String argument, int number, @Nullable String detail) {
    Errno errno = Errno.of(number);
    String name = errno == Errno.OTHER ? "errno " + number : errno.name();
    String text = call + "(" + argument + "): " + name + " (" + errno.meaning() + ")";
    return detail == null ? text : text + ": " + detail;
  }
}
