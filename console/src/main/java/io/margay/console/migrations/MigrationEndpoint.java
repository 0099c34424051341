package io.margay.console.migrations;

import io.margay.console.access.Permissions;
import io.margay.console.http.Exchange;
import io.margay.console.http.Route;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.LiveMigration;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Which virtual machines moved, and how little of it could be noticed. */
public final class MigrationEndpoint {
  private static final int USUAL_GAP_MILLIS = 20;
  private static final int MOST_GAP_MILLIS = 60_000;

  /** What has not begun is the newest. */
  private static final Comparator<LiveMigration> NEWEST_FIRST =
      Comparator.comparing(MigrationEndpoint::began)
          .reversed()
          .thenComparing(migration -> migration.metadata().namespace())
          .thenComparing(migration -> migration.metadata().name());

  private final ResourceStore store;

  public MigrationEndpoint(ResourceStore store) {
    this.store = store;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/v1/migrations", this::list));
  }

  private void list(Exchange exchange) throws IOException {
    int target = exchange.queryNumber("gapMillis", USUAL_GAP_MILLIS, 1, MOST_GAP_MILLIS);
    Permissions permissions = exchange.caller().permissions();
    List<LiveMigration> migrations =
        store.list(Kind.LIVE_MIGRATION, "").items().stream()
            .flatMap(object ->
                ResourceDecoder.decode(object).resource() instanceof LiveMigration migration
                    ? Stream.of(migration)
                    : Stream.empty())
            .filter(migration -> permissions.sees(migration.metadata().namespace()))
            .sorted(NEWEST_FIRST)
            .toList();
    exchange.json(json -> MigrationJson.write(migrations, target, json));
  }

  private static Instant began(LiveMigration migration) {
    List<LiveMigration.Step> steps = migration.status().steps();
    return steps.isEmpty() ? Instant.MAX : steps.getFirst().at();
  }
}
