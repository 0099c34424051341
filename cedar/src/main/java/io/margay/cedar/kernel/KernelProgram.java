package io.margay.cedar.kernel;

import io.margay.cedar.kernel.Rule.Backend;
import io.margay.cedar.value.EntityUid;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a kernel lets one principal do. It is compiled when the principal starts: a change of its
 * attributes or groups asks for another program.
 *
 * <p>What the program allows, Cedar allows, for every context, and every resource of the schema
 * that has the path or the address and port.
 */
public record KernelProgram(EntityUid principal, Map<Operation, Rules> operations) {

  /**
   * The rules of one operation: allowed where an allow rule matches and no deny rule does.
   *
   * @param errno what a denied call returns, such as {@code EACCES}
   */
  public record Rules(List<Rule> allow, List<DenyRule> deny, String errno) {
    public Rules {
      allow = List.copyOf(allow);
      deny = List.copyOf(deny);
    }

    /** What can carry all of these rules. Landlock only knows what is allowed. */
    public Set<Backend> backends() {
      Set<Backend> able = EnumSet.allOf(Backend.class);
      allow.forEach(rule -> able.retainAll(rule.backends()));
      deny.forEach(denied -> able.retainAll(denied.rule().backends()));
      if (!deny.isEmpty()) {
        able.remove(Backend.LANDLOCK);
      }
      return able;
    }
  }

  /** A deny rule with the error of the policy that it is from. */
  public record DenyRule(Rule rule, String errno) {}

  public KernelProgram {
    Map<Operation, Rules> copy = new EnumMap<>(Operation.class);
    copy.putAll(operations);
    operations = Collections.unmodifiableMap(copy);
  }

  /** True where the kernel lets the access pass; false too for operations that are not marked. */
  public boolean allows(Operation operation, Access access) {
    Rules rules = operations.get(operation);
    return rules != null
        && rules.allow().stream().anyMatch(rule -> rule.matches(access))
        && rules.deny().stream().noneMatch(deny -> deny.rule().matches(access));
  }

  /** What a denied call returns; of the deny rules the first that matches says. */
  public String errno(Operation operation, Access access) {
    Rules rules = operations.get(operation);
    if (rules == null) {
      return KernelMarks.DEFAULT_ERRNO;
    }
    return rules.deny().stream()
        .filter(deny -> deny.rule().matches(access))
        .map(DenyRule::errno)
        .findFirst()
        .orElse(rules.errno());
  }
}
