package io.margay.app.cli.agents;

import io.margay.agents.approval.ApprovalDesk;
import io.margay.agents.approval.ApprovalRefusedException;
import io.margay.agents.approval.Approver;
import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.cli.resources.TextTable;
import io.margay.model.resource.Approval;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay agents approvals}. */
@Command(
    name = "approvals",
    description = "Shows calls that wait for people, and decides about them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ApprovalsCommand.ListAll.class,
      ApprovalsCommand.Show.class,
      ApprovalsCommand.Approve.class,
      ApprovalsCommand.Refuse.class
    })
final class ApprovalsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "approvals: name a command: list, show, approve or refuse");
  }

  private static <T> T atDesk(StoreOptions source, Function<ApprovalDesk, T> work) {
    try (ResourceStore store = source.open();
        ApprovalDesk desk =
            new ApprovalDesk(
                store,
                Clock.systemUTC(),
                () -> {
                  throw new IllegalStateException("the command asks for no approval");
                },
                0)) {
      return work.apply(desk);
    }
  }

  private static String state(ApprovalDesk desk, Approval approval) {
    return desk.stateOf(approval).name().toLowerCase(Locale.ROOT);
  }

  /** {@code margay agents approvals list}. */
  @Command(
      name = "list",
      description = "Lists held calls: those that wait, or all that are kept.",
      mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private StoreOptions source;

    @Option(names = "--all", description = "Also what is decided.")
    private boolean all;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      TextTable table =
          new TextTable(List.of("NAME", "AGENT", "USER", "TARGET", "STATE", "VOTES", "EXPIRES"));
      atDesk(
          source,
          desk -> {
            for (Approval approval : desk.list()) {
              if (all || desk.stateOf(approval) == Approval.State.PENDING) {
                table.add(row(desk, approval));
              }
            }
            return table;
          });
      table.print(out);
      out.flush();
      return 0;
    }

    private static List<String> row(ApprovalDesk desk, Approval approval) {
      Approval.Spec spec = approval.spec();
      return List.of(
          approval.metadata().name(),
          spec.agent(),
          spec.user(),
          spec.target(),
          state(desk, approval),
          approval.status().votes().size() + "/" + spec.count(),
          String.valueOf(spec.expires()));
    }
  }

  /** {@code margay agents approvals show}. */
  @Command(
      name = "show",
      description = "Shows a held call with its exact arguments.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private StoreOptions source;

    @Parameters(paramLabel = "NAME", description = "The approval.")
    private String name = "";

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      atDesk(
          source,
          desk -> {
            Approval approval =
                desk.find(name)
                    .orElseThrow(() -> new CommandFailure("there is no approval " + name));
            print(approval, state(desk, approval), out);
            return name;
          });
      out.flush();
      return 0;
    }

    private static void print(Approval approval, String state, PrintWriter out) {
      Approval.Spec spec = approval.spec();
      out.println(approval.metadata().name() + " is " + state);
      out.println("  agent      " + spec.agent() + " (" + spec.workload() + ")");
      out.println("  user       " + (spec.user().isEmpty() ? "none" : spec.user()));
      out.println("  call       " + spec.action() + " " + spec.target());
      out.println("  arguments  " + printable(spec.arguments()));
      out.println("  policies   " + String.join(", ", spec.policies()) + " in tier " + spec.tier());
      out.println(
          "  needs      "
              + spec.count()
              + " of "
              + (spec.approvers().isEmpty() ? "anybody" : String.join(", ", spec.approvers())));
      out.println("  asked      " + spec.asked() + ", expires " + spec.expires());
      for (Approval.Vote vote : approval.status().votes()) {
        out.println(
            "  "
                + (vote.approves() ? "approved   by " : "refused    by ")
                + vote.approver()
                + (vote.reason().isEmpty() ? "" : ": " + printable(vote.reason())));
      }
    }

    /** An agent writes the arguments: they must not move the cursor of whoever judges them. */
    private static String printable(String text) {
      StringBuilder safe = new StringBuilder();
      text.codePoints()
          .forEach(c -> {
            int type = Character.getType(c);
            if (Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.SURROGATE) {
              safe.append(String.format("\\u%04x", c));
            } else {
              safe.appendCodePoint(c);
            }
          });
      return safe.toString();
    }
  }

  /** Who decides. */
  static final class Who {
    @Option(
        names = "--as",
        required = true,
        paramLabel = "NAME",
        description = {
          "Who decides. Whoever may write approvals to the cluster is believed;",
          "the cluster's access rules say who that is."
        })
    private String name = "";

    @Option(names = "--group", paramLabel = "NAME", description = "A group of theirs; repeatable.")
    private List<String> groups = List.of();

    private Approver approver() {
      Set<String> all = new HashSet<>(groups);
      return new Approver("", name, all);
    }
  }

  /** {@code margay agents approvals approve}. */
  @Command(
      name = "approve",
      description = "Says yes to a held call.",
      mixinStandardHelpOptions = true)
  static final class Approve implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private StoreOptions source;
    @Mixin private Who who;

    @Parameters(paramLabel = "NAME", description = "The approval.")
    private String name = "";

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why.")
    private String reason = "";

    @Override
    public Integer call() {
      return decide(spec, source, name, who.approver(), true, reason);
    }
  }

  /** {@code margay agents approvals refuse}. */
  @Command(
      name = "refuse",
      description = "Says no to a held call.",
      mixinStandardHelpOptions = true)
  static final class Refuse implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private StoreOptions source;
    @Mixin private Who who;

    @Parameters(paramLabel = "NAME", description = "The approval.")
    private String name = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason = "";

    @Override
    public Integer call() {
      return decide(spec, source, name, who.approver(), false, reason);
    }
  }

  private static int decide(
      CommandSpec spec,
      StoreOptions source,
      String name,
      Approver approver,
      boolean approves,
      String reason) {
    PrintWriter out = spec.commandLine().getOut();
    atDesk(
        source,
        desk -> {
          try {
            Approval decided = desk.decide(name, approver, approves, reason);
            out.println(name + " is " + state(desk, decided));
            return name;
          } catch (ApprovalRefusedException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
          }
        });
    out.flush();
    return 0;
  }
}
