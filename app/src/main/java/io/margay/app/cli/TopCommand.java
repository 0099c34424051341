package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.cli.RawTerminal.Size;
import io.margay.app.cli.TopTable.Order;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay top}. */
@Command(
    name = "top",
    description = {
      "Shows who talks most, denied calls first, and goes on showing it.",
      "Keys: s sorts by something else, p pauses, q quits. Without a terminal it prints tables."
    },
    mixinStandardHelpOptions = true)
public final class TopCommand implements Callable<Integer> {
  private static final int MOST_FLOWS = 5_000;
  private static final Duration KEY_POLL = Duration.ofMillis(50);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

  @Spec private CommandSpec spec;

  @Option(
      names = "--window",
      paramLabel = "TIME",
      defaultValue = "1m",
      converter = DurationConverter.class,
      description = "What is added up (default: the last ${DEFAULT-VALUE}).")
  private Duration window = Duration.ofMinutes(1);

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = DurationConverter.class,
      description = "How often to look (default: ${DEFAULT-VALUE}).")
  private Duration every = Duration.ofSeconds(2);

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after so many tables; without it, go on.")
  private @Nullable Integer count;

  @Option(
      names = "--console",
      paramLabel = "URL",
      description = "The console to ask (default: that of the running demo, or of margay up).")
  private @Nullable String console;

  @ArgGroup(exclusive = false, heading = "Which flows (all of these must agree):%n")
  private FlowFilterOptions wanted = new FlowFilterOptions();

  private Order order = Order.CONNECTIONS;
  private boolean paused;

  @Override
  public Integer call() throws IOException {
    if (every.isZero() || (count != null && count < 1)) {
      throw new ParameterException(
          spec.commandLine(), "--every and --count must be more than nothing");
    }
    try (ConsoleClient client = ConsoleClient.of(Optional.ofNullable(console))) {
      Optional<RawTerminal> terminal = RawTerminal.open();
      if (terminal.isPresent()) {
        try (RawTerminal raw = terminal.get()) {
          live(client, raw);
        }
      } else {
        plain(client, spec.commandLine().getOut());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private void plain(ConsoleClient client, PrintWriter out) throws InterruptedException {
    for (int i = 0; (count == null || i < count) && !out.checkError(); i++) {
      if (i > 0) {
        Thread.sleep(every);
        out.println();
      }
      lines(flows(client), new Size(Integer.MAX_VALUE, Integer.MAX_VALUE)).forEach(out::println);
      out.flush();
    }
  }

  private void live(ConsoleClient client, RawTerminal terminal)
      throws IOException, InterruptedException {
    List<JsonNode> flows = List.of();
    Instant next = Instant.MIN;
    int shown = 0;
    while (true) {
      boolean stale = !paused && !Instant.now().isBefore(next);
      if (stale) {
        if (count != null && shown++ >= count) {
          return;
        }
        flows = flows(client);
        next = Instant.now().plus(every);
      }
      boolean pressed = false;
      for (Optional<Character> key = terminal.key(); key.isPresent(); key = terminal.key()) {
        pressed = true;
        switch (key.get()) {
          case 'q', 'Q' -> {
            return;
          }
          case 's' -> order = order.next();
          case 'p', ' ' -> paused = !paused;
          default -> {}
        }
      }
      if (stale || pressed) {
        terminal.show(lines(flows, terminal.size()));
      }
      Thread.sleep(KEY_POLL);
    }
  }

  private List<JsonNode> flows(ConsoleClient client) {
    Map<String, String> query =
        Map.of(
            "startTimeGte",
            Long.toString(-Math.max(1, window.toSeconds())),
            "pageSize",
            Integer.toString(MOST_FLOWS),
            "filters",
            wanted.filter().toString());
    List<JsonNode> flows = new ArrayList<>();
    client.get("/api/v1/flows", query).path("items").forEach(flows::add);
    return flows;
  }

  private List<String> lines(List<JsonNode> flows, Size size) {
    long denied = flows.stream().filter(f -> f.path("action").asText().equals("Deny")).count();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s  %d flows in %d s, %d denied; by %s%s"
            .formatted(
                TIME.format(Instant.now()),
                flows.size(),
                window.toSeconds(),
                denied,
                order.word(),
                paused ? "; paused" : ""));
    lines.add("");
    lines.addAll(TopTable.lines(flows, order, size.columns(), size.rows() - 3));
    return lines;
  }
}
