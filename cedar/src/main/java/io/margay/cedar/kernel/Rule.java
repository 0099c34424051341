package io.margay.cedar.kernel;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tests that hold together.
 *
 * @param policyId the policy that the rule is from
 * @param all tests that hold
 * @param none tests that do not
 */
public record Rule(String policyId, List<Match> all, List<Match> none) {

  /** What can carry rules, as measured in the table of the design's reference. */
  public enum Backend {
    LANDLOCK,
    CGROUP,
    LSM
  }

  public Rule {
    all = List.copyOf(all);
    none = List.copyOf(none);
  }

  public boolean matches(Access access) {
    return all.stream().allMatch(access::is) && none.stream().noneMatch(access::is);
  }

  /** Where this rule can be enforced as an allow rule. */
  public Set<Backend> backends() {
    Set<Backend> backends = EnumSet.of(Backend.LSM);
    if (none.isEmpty() && all.size() == 1 && isLandlock(all.getFirst())) {
      backends.add(Backend.LANDLOCK);
    }
    // A rule without tests is about everything, in either kind of operation.
    if (Stream.concat(all.stream(), none.stream()).allMatch(Rule::isNetwork)) {
      backends.add(Backend.CGROUP);
    }
    return backends;
  }

  /** Landlock knows files, directories and single TCP ports. */
  private static boolean isLandlock(Match match) {
    return switch (match) {
      case Match.PathIs _, Match.PathBeneath _ -> true;
      case Match.PortIn(long low, long high) -> low == high;
      case Match.PathLike _, Match.AddressIn _ -> false;
    };
  }

  private static boolean isNetwork(Match match) {
    return switch (match) {
      case Match.AddressIn _, Match.PortIn _ -> true;
      case Match.PathIs _, Match.PathBeneath _, Match.PathLike _ -> false;
    };
  }

  @Override
  public String toString() {
    String text =
        Stream.concat(all.stream().map(Match::toString), none.stream().map(m -> "not " + m))
            .collect(Collectors.joining(" and "));
    return (text.isEmpty() ? "everything" : text) + " (" + policyId + ")";
  }
}
