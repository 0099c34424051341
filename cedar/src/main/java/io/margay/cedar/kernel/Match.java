package io.margay.cedar.kernel;

import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.value.CedarText;
import io.margay.cedar.value.IpValue;

/** One test that a kernel can make about an access. */
public sealed interface Match {

  /** Exactly this path. */
  record PathIs(String path) implements Match {
    @Override
    public String toString() {
      return "path == " + CedarText.quote(path);
    }
  }

  /**
   * Every path below a directory, at any depth: {@code like "/a/*"}.
   *
   * @param directory with a slash at its end
   */
  record PathBeneath(String directory) implements Match {
    @Override
    public String toString() {
      return "path beneath " + CedarText.quote(directory);
    }
  }

  /** A path that matches a pattern with stars elsewhere. */
  record PathLike(LikePattern pattern) implements Match {
    @Override
    public String toString() {
      return "path like " + pattern;
    }
  }

  /** An address in a range; a single address is a range of one. */
  record AddressIn(IpValue range) implements Match {
    @Override
    public String toString() {
      return "address in " + range.argument();
    }
  }

  /** A port from {@code low} to {@code high}, both included. */
  record PortIn(long low, long high) implements Match {
    @Override
    public String toString() {
      return low == high ? "port == " + low : "port in " + low + "-" + high;
    }
  }
}
