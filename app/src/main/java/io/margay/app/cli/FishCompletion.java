package io.margay.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The completion script for fish, which picocli does not know. */
final class FishCompletion {
  private FishCompletion() {}

  static String script(CommandLine root) {
    List<String> lines = new ArrayList<>();
    add(root, root.getCommandName(), List.of(), lines);
    return String.join("\n", lines);
  }

  private static void add(
      CommandLine command, String program, List<String> path, List<String> lines) {
    CommandSpec spec = command.getCommandSpec();
    List<String> below = List.copyOf(command.getSubcommands().keySet());
    String here = condition(path, below);
    command
        .getSubcommands()
        .forEach((name, sub) ->
            lines.add(
                "complete -c %s -f -n %s -a %s -d %s"
                    .formatted(program, quote(here), quote(name), quote(description(sub)))));
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        lines.add(
            "complete -c %s -n %s %s -d %s"
                .formatted(program, quote(here), names(option), quote(description(option))));
      }
    }
    command
        .getSubcommands()
        .forEach((name, sub) -> {
          List<String> deeper = new ArrayList<>(path);
          deeper.add(name);
          add(sub, program, deeper, lines);
        });
  }

  /** Holds when the words so far are this command and none below it. */
  private static String condition(List<String> path, List<String> below) {
    String seen =
        path.stream()
            .map(name -> "__fish_seen_subcommand_from " + name)
            .collect(Collectors.joining("; and "));
    String notSeen =
        below.isEmpty() ? "" : "not __fish_seen_subcommand_from " + String.join(" ", below);
    return seen.isEmpty() || notSeen.isEmpty() ? seen + notSeen : seen + "; and " + notSeen;
  }

  private static String names(OptionSpec option) {
    StringBuilder names = new StringBuilder();
    for (String name : option.names()) {
      names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    List<String> values = new ArrayList<>();
    if (option.completionCandidates() != null) {
      option.completionCandidates().forEach(values::add);
    }
    if (option.arity().max() > 0) {
      names.append(" -r");
      if (!values.isEmpty()) {
        names.append(" -f -a ").append(quote(String.join(" ", values)));
      }
    }
    return names.toString().strip();
  }

  private static String description(CommandLine command) {
    return first(command.getCommandSpec().usageMessage().description());
  }

  private static String description(OptionSpec option) {
    List<String> values = new ArrayList<>();
    if (option.completionCandidates() != null) {
      option.completionCandidates().forEach(values::add);
    }
    return first(option.description())
        .replace("${COMPLETION-CANDIDATES}", String.join(", ", values))
        .replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue()));
  }

  private static String first(String[] description) {
    return description.length == 0 ? "" : description[0];
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
