package io.margay.console;

import io.margay.console.signin.SignInMethods;
import io.margay.flows.FlowLimits;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.shard.ShardedFlowReader;
import io.margay.flows.stream.FlowService;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page in a real browser when there is very much, or when something is missing. */
class WeatherBrowserTest {
  private static final int MANY = 100_000;

  /** Nobody listens there: only the superuser's programs could. */
  private static final FlowAddress NOBODY = new FlowAddress.Tcp("127.0.0.1", 1);

  @BeforeEach
  void needABrowserAndThePage() {
    BrowserTests.needABrowserAndThePage();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void crowdsBreaksAndMissingShardsAreBorne() throws Exception {
    try (ResourceStore store = new MemoryStore();
        FlowService crowd = new FlowService(FlowLimits.DEFAULT, Instant::now);
        FlowService flows = new FlowService(FlowLimits.DEFAULT, Instant::now);
        ShardedFlowReader shards = shardsOf(flows);
        ScheduledExecutorService life = Executors.newSingleThreadScheduledExecutor()) {
      crowd.start();
      flows.start();
      LivelyShop crowded = new LivelyShop(crowd, store);
      crowded.rememberPortScan(Instant.now(), MANY);
      LivelyShop shop = new LivelyShop(flows, store);
      life.scheduleAtFixedRate(() -> shop.goOn(Instant.now()), 0, 200, TimeUnit.MILLISECONDS);
      try (ConsoleServer many = crowded.console(SignInMethods.none());
          ConsoleServer lively = shop.console(SignInMethods.none());
          ConsoleServer anew = shop.console(SignInMethods.none());
          ConsoleServer shard = shop.console(SignInMethods.none(), shards)) {
        for (ConsoleServer console : List.of(many, lively, anew, shard)) {
          console.start();
        }
        BrowserTests.run(
            Map.of(
                "MARGAY_URL",
                many.uri().toString(),
                "MARGAY_ROWS",
                Integer.toString(MANY),
                "MARGAY_LIVELY",
                lively.uri().toString(),
                "MARGAY_ANEW",
                anew.uri().toString(),
                "MARGAY_SHARD",
                shard.uri().toString()),
            "stream",
            "weather");
      }
    }
  }

  private static ShardedFlowReader shardsOf(FlowService flows) {
    return new ShardedFlowReader(
        new MemoryFlowReader(flows::history),
        List.of(NOBODY),
        null,
        Duration.ofSeconds(5),
        Instant::now);
  }
}
