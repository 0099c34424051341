package io.margay.agents.registry;

import io.margay.model.manifest.Problem;
import io.margay.model.resource.ToolArguments;
import io.margay.model.resource.ToolServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The arguments of all tools under one roof. An argument's name has one type in all policies: that
 * of the tool server that declared it first. A later tool that declares another type is told in its
 * server's problems, and a policy that looks at arguments denies calls of that tool, since it would
 * not see what it believes to see.
 *
 * @param types of the arguments that policies can look at, by name
 * @param contradicting tools, as {@code server/tool}, that declare another type
 */
record DeclaredArguments(
    SortedMap<String, ToolArguments.Type> types,
    Set<String> contradicting,
    List<Problem> problems) {

  /** Older servers first, so that one that comes later changes the meaning of no policy. */
  private static final Comparator<ToolServer> AGE =
      Comparator.<ToolServer, Instant>comparing(
              server -> {
                Instant created = server.metadata().creationTimestamp();
                return created == null ? Instant.MAX : created;
              })
          .thenComparing(server -> server.metadata().name());

  static DeclaredArguments of(Collection<ToolServer> servers) {
    SortedMap<String, ToolArguments.Type> types = new TreeMap<>();
    Map<String, String> first = new TreeMap<>();
    Set<String> contradicting = new HashSet<>();
    List<Problem> problems = new ArrayList<>();
    for (ToolServer server : servers.stream().sorted(AGE).toList()) {
      for (ToolServer.Tool tool : server.spec().tools()) {
        String name = server.metadata().name() + "/" + tool.name();
        for (ToolArguments.Argument argument :
            tool.arguments().map(ToolArguments::declared).orElse(List.of())) {
          if (argument.type() == ToolArguments.Type.OTHER) {
            continue;
          }
          ToolArguments.Type known = types.putIfAbsent(argument.name(), argument.type());
          String declarer = first.computeIfAbsent(argument.name(), _ -> name);
          if (known != null && known != argument.type()) {
            contradicting.add(name);
            problems.add(contradiction(server, name, argument, known, declarer));
          }
        }
      }
    }
    return new DeclaredArguments(types, Set.copyOf(contradicting), List.copyOf(problems));
  }

  private static Problem contradiction(
      ToolServer server,
      String tool,
      ToolArguments.Argument argument,
      ToolArguments.Type known,
      String declarer) {
    return new Problem(
        server.key().toString(),
        "spec.tools",
        tool,
        "its argument "
            + argument.name()
            + " is of type "
            + argument.type()
            + ", but of type "
            + known
            + " in "
            + declarer
            + ": policies that look at arguments deny this tool",
        "give it another name or the same type");
  }
}
