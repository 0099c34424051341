package io.margay.cedar.kernel;

import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.eval.LikeMatcher;
import io.margay.cedar.value.IpValue;

/** What a kernel sees of an attempt to use a file or the network. */
public sealed interface Access {

  /** A file by its canonical path: absolute, without links, {@code .} and {@code ..}. */
  record File(String path) implements Access {}

  /**
   * The far end of a connection, or the near end of a socket that listens.
   *
   * @param address one address, not a range
   */
  record Network(IpValue address, long port) implements Access {}

  /** True where the test holds; a test about the other kind of access never does. */
  default boolean is(Match match) {
    return switch (this) {
      case File(String path) ->
          switch (match) {
            case Match.PathIs(String wanted) -> path.equals(wanted);
            case Match.PathBeneath(String directory) -> path.startsWith(directory);
            case Match.PathLike(LikePattern pattern) -> new LikeMatcher(pattern).matches(path);
            case Match.AddressIn _, Match.PortIn _ -> false;
          };
      case Network(IpValue address, long port) ->
          switch (match) {
            case Match.AddressIn(IpValue range) -> address.isInRange(range);
            case Match.PortIn(long low, long high) -> low <= port && port <= high;
            case Match.PathIs _, Match.PathBeneath _, Match.PathLike _ -> false;
          };
    };
  }
}
