package io.margay.bench.gateway;

import io.margay.app.cli.CommandFailure;
import io.margay.app.state.StateFolder;
import io.margay.bench.BenchCommand;
import io.margay.bench.JsonLine;
import io.margay.bench.Samples;
import io.margay.bench.gateway.PacedLoad.Result;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code margay bench gateway}. */
@Command(
    name = "gateway",
    description = {
      "What the agents' gateway adds to a tool call.",
      "The same call to the same tool server: directly, through a plain Jetty reverse proxy with"
          + " mutual TLS, and through the gateway with mutual TLS, a user's token, Cedar policies,"
          + " an exchanged token and an audit record on disk. The three take turns."
    },
    mixinStandardHelpOptions = true)
public final class GatewayCommand extends BenchCommand {
  private static final int ROUNDS = 3;
  private static final double TOP_SECONDS = 4;
  private static final int STREAMS = 100;

  @Option(
      names = "--rate",
      defaultValue = "3000",
      description = "Calls per second; default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Of each turn; default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "30",
      description =
          "Seconds before the turns, for each; the compiler needs some 20. Default:"
              + " ${DEFAULT-VALUE}.")
  private int warmUp;

  @Option(
      names = "--policies",
      defaultValue = "1000",
      description = "Cedar policies; default: ${DEFAULT-VALUE}.")
  private int policies;

  @Option(
      names = "--connections",
      defaultValue = "16",
      description = "Connections that stay open; default: ${DEFAULT-VALUE}.")
  private int connections;

  /** Somebody who takes the call, and what came out for it. */
  private record Contender(String name, Address address, PacedLoad load, List<Result> results) {
    /** The median of the rounds. */
    double millis(double part) {
      return median(result -> result.millis(part));
    }

    double perSecond() {
      return results.getLast().perSecond();
    }

    /** The median of the rounds. */
    double cpuMicros() {
      return median(Result::cpuMicrosPerCall);
    }

    private double median(ToDoubleFunction<Result> figure) {
      Samples samples = new Samples();
      results.stream().mapToDouble(figure).forEach(samples::add);
      return samples.median();
    }
  }

  /** Where a contender is, and what a call of it looks like. */
  private record Address(PacedLoad.Connector connector, String start, String rest) {
    byte[] request(String header) {
      return (start + header + rest).getBytes(StandardCharsets.US_ASCII);
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rate < 1 || warmUp < 1 || seconds < 1 || policies < 1 || connections < 1) {
      throw new CommandFailure("all numbers are at least 1");
    }
    Path state = Files.createTempDirectory("margay-bench-gateway");
    try (BenchWorld world = BenchWorld.start(state, policies)) {
      while (!world.isReady()) {
        Thread.sleep(50);
      }
      run(world);
    } finally {
      StateFolder.remove(state);
    }
    return 0;
  }

  private void run(BenchWorld world) throws IOException, InterruptedException {
    List<Contender> contenders =
        List.of(
            contender("direct", world, world.upstream(), "/mcp"),
            contender("proxy", world, world.proxy(), "/mcp"),
            contender("gateway", world, world.gateway(), "/mcp/crm"));
    for (Contender contender : contenders) {
      progress("warming up: " + contender.name());
      contender.load().run(rate / 2.0, warmUp / 2.0);
      contender.load().run(rate, warmUp / 2.0);
    }
    for (int round = 0; round < ROUNDS; round++) {
      List<Contender> turn = new ArrayList<>(contenders);
      if (round % 2 == 1) {
        turn.sort(Comparator.comparingInt(contender -> -contenders.indexOf(contender)));
      }
      for (Contender contender : turn) {
        progress("round " + (round + 1) + ": " + contender.name());
        contender.results().add(contender.load().run(rate, seconds));
      }
    }
    JsonLine summary = JsonLine.of("gateway", "summary");
    for (Contender contender : contenders) {
      double top = contender.load().run(0, TOP_SECONDS).perSecond();
      progress("streams: " + contender.name());
      Address address = contender.address();
      Samples firstBytes =
          FirstBytes.measure(
              address.connector(), address.request(BenchWorld.STREAM + ": yes\r\n"), STREAMS);
      print(
          JsonLine.of("gateway", contender.name())
              .number("callsPerSecond", contender.perSecond())
              .number("medianMillis", contender.millis(0.5))
              .number("p99Millis", contender.millis(0.99))
              .number("cpuMicrosPerCall", contender.cpuMicros())
              .number("firstByteMedianMillis", firstBytes.median())
              .number("firstByteP99Millis", firstBytes.quantile(0.99))
              .number("topCallsPerSecond", top)
              .number(
                  "topCallsPerSecondAndCore", top / Runtime.getRuntime().availableProcessors()));
      summary.number(contender.name() + "P99Millis", contender.millis(0.99));
      summary.number(contender.name() + "TopCallsPerSecond", top);
    }
    Contender direct = contenders.getFirst();
    Contender gateway = contenders.getLast();
    print(
        summary
            .number("addedCpuMicrosPerCall", gateway.cpuMicros() - direct.cpuMicros())
            .number("addedMedianMillis", gateway.millis(0.5) - direct.millis(0.5))
            .number("addedP99Millis", gateway.millis(0.99) - direct.millis(0.99))
            .number(
                "addedToProxyP99Millis", gateway.millis(0.99) - contenders.get(1).millis(0.99)));
  }

  private Contender contender(String name, BenchWorld world, URI address, String path) {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"read\","
            + "\"arguments\":{\"id\":7},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":"
            + "\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
    String start =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\n"
            + "Mcp-Method: tools/call\r\nMcp-Name: read\r\nAuthorization: Bearer "
            + world.token()
            + "\r\n";
    String rest = "Content-Length: " + body.length() + "\r\n\r\n" + body;
    PacedLoad.Connector connector =
        () ->
            address.getScheme().equals("https")
                ? world
                    .clientTls()
                    .getSocketFactory()
                    .createSocket(address.getHost(), address.getPort())
                : new Socket(address.getHost(), address.getPort());
    Address contacted = new Address(connector, start, rest);
    return new Contender(
        name,
        contacted,
        new PacedLoad(connector, contacted.request(""), connections),
        new ArrayList<>());
  }
}
